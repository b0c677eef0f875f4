"""Wirepact's runtime: what emitted code stands on, on the server and on the client."""
