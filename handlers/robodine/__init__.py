"""Robodine: a restaurant with robots, nine topics at one address."""
