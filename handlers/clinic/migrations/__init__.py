"""The revisions of the tables of clinic."""
