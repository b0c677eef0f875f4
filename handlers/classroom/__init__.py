"""Classroom: an instructor leads students through the steps of a task on their phones."""
