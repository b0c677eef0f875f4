"""The revisions of the tables of classroom."""
