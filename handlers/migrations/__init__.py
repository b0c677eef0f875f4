"""What Alembic needs to run and to write revisions of any service."""
