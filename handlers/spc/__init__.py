"""SPC: statistical process control for a factory."""
