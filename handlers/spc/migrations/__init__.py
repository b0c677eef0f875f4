"""The revisions of the tables of spc."""
