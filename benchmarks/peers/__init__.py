"""The same job by hand on other frameworks, each the way its own documentation shows it."""
