"""Clinic: a hospital's permissions, presence, orders and results of AI inference, pushed as they change."""
