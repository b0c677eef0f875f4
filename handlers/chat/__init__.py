"""Chat: groups of people write to each other, over a hosted provider or over our own WebSocket."""
