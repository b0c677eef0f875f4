"""The revisions of the tables of chat."""
