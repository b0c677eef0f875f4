"""The revisions of the tables of robodine."""
