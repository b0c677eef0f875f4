"""What is emitted, one thing a module: each target lays out a service as files.

A target is a function from the model to files. It decides names and shapes and leaves the layout to a
template; comparing, formatting and writing are `writing.py`'s.
"""

from wirepact_codegen.targets.files import File

__all__ = ["File"]
