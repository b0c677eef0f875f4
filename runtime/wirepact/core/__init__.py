"""What a connection decides. Pure: events and the time come in as arguments, what to do goes out."""
