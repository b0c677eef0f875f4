"""A file on its way over HTTP: the one part of a form that is read, and the response that carries one."""

from typing import Any
from urllib.parse import quote

from litestar.response import Response
from multipart import (  # type: ignore[import-untyped]  # it has no types
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from wirepact.errors import BadRequest, InvalidPayload
from wirepact.messages import FileMessage

FORM = "multipart/form-data"

_PARTS = 64
"""How many parts a form may have; those that nobody reads cost time."""


def read_file(model: type[FileMessage], part: str, content_type: str, body: bytes) -> FileMessage:
    """The file that is the *part* of the form in *body*; other parts are not looked at. Raises a `Refusal`."""
    found = [each for each in _parts(content_type, body) if each[0].name == part]
    if not found:
        raise InvalidPayload(f"{part}: is required")
    if len(found) > 1:
        raise InvalidPayload(f"{part}: must be given once")
    [(head, data)] = found
    if head.filename is None:
        raise InvalidPayload(f"{part}: must be a file, with a name")
    media_type, _ = parse_options_header(head.content_type or "application/octet-stream")
    return model(name=head.filename, media_type=media_type, data=bytes(data))


def file_response(file: FileMessage, status: int) -> Response[bytes]:
    """A response with *file* that no browser takes for a page of this site, whatever is in it."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private",
        "x-content-type-options": "nosniff",
    }
    return Response(file.data, status_code=status, media_type=file.media_type, headers=headers)


def _parts(content_type: str, body: bytes) -> list[tuple[MultipartSegment, bytearray]]:
    """The parts of a form, each with its content."""
    _, options = parse_options_header(content_type)
    found: list[tuple[MultipartSegment, bytearray]] = []
    try:
        with PushMultipartParser(options.get("boundary", ""), max_segment_count=_PARTS) as parser:
            for event in parser.parse(body):
                _collect(event, found)
    except MultipartError:
        raise BadRequest("is no form that can be read") from None
    return found


def _collect(event: Any, found: list[tuple[MultipartSegment, bytearray]]) -> None:
    if isinstance(event, MultipartSegment):
        found.append((event, bytearray()))
    elif event is not None:
        found[-1][1].extend(event)
