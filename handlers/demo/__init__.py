"""Believable lives before a running server, so that its page comes alive: `make demo`."""
