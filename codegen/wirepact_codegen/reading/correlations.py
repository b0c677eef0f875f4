"""What a message has in common with its answer, or its question (`correlationId`)."""

from wirepact_codegen.model import Path
from wirepact_codegen.source import Node, Sources

_IN_PAYLOAD = "$message.payload"


def read_correlation(message: Node, sources: Sources) -> Path:
    """The way to it in the payload; empty if there is none, or if it is elsewhere: a frame has nothing else."""
    entry = message.get("correlationId")
    correlation = sources.follow(entry) if entry is not None else None
    if correlation is None:
        return ()
    source, _, pointer = correlation.text("location").partition("#/")
    if source != _IN_PAYLOAD or not pointer:
        return ()
    return tuple(each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/"))
