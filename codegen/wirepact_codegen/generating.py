"""The whole way: documents to services, services to files, files to what differs on disk.

What a document gives depends on no other document, so that a change costs the document that it is in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wirepact_codegen.cache import kept_run
from wirepact_codegen.errors import Finding, Findings
from wirepact_codegen.linting import Known, found_in_all, from_kept, to_keep
from wirepact_codegen.project import Project
from wirepact_codegen.terms import LENIENT, Terms, today
from wirepact_codegen.unchecked import with_exceptions
from wirepact_codegen.writing import Change, changes, formatted

if TYPE_CHECKING:
    from wirepact_codegen.model import Json
    from wirepact_codegen.targets.files import File


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run would do to the disk: the files that it is about, and those that differ."""

    files: int
    changes: Sequence[Change]
    findings: Sequence[Finding] = field(default=())


def generation(
    documents: Sequence[str], folders: Mapping[str, Path], project: Project, terms: Terms = LENIENT
) -> Outcome:
    """What has to change so that *folders* say what *documents* say.

    Raises `Refused` for faults in the documents and `Misused` for foreign files in the folders. Documents that are
    only a part of the project's leave alone what belongs to the others.
    """
    made = [_Made(each, folders, terms) for each in documents]
    findings = terms.judged(found_in_all([each.known for each in made]))
    findings.refuse_if_errors()
    files = _shared(folders)
    for each in made:
        files |= each.files
    whole = {*map(Path, documents)} >= {*map(Path, project.documents)}
    names = [each.known.title.name for each in made if each.known.title is not None]
    return Outcome(len(files), changes(files, list(_owned(names, folders, whole=whole))), tuple(findings))


class _Made:
    """What was made of one document, now or before: what is known of it, and its files unless it is refused."""

    def __init__(self, document: str, folders: Mapping[str, Path], terms: Terms) -> None:
        options: Json = [_by_name(folders), *astuple(terms), today().isoformat()]
        made: Any = kept_run("generate", document, options, lambda: _made(document, folders, terms))
        self.known: Known = from_kept(made)
        self.files = _files(made["files"])


def _made(document: str, folders: Mapping[str, Path], terms: Terms) -> "Json":
    from wirepact_codegen.reading import read_service  # noqa: PLC0415 - only where something has changed
    from wirepact_codegen.targets import TARGETS  # noqa: PLC0415 - as above

    findings = Findings()
    service = read_service(document, findings, terms.perspective)
    made = to_keep(service, findings)
    if service is None or terms.judged(findings).errors:
        return {**made, "files": {}}
    files = {target: TARGETS[target].of(service) for target in folders}
    return {**made, "files": _laid_out(files, folders)}


def _shared(folders: Mapping[str, Path]) -> dict[Path, str]:
    """What stands in *folders* beside the services."""

    def make() -> "Json":
        from wirepact_codegen.targets import TARGETS  # noqa: PLC0415 - as above

        return _laid_out({target: TARGETS[target].shared() for target in folders}, folders)

    return _files(kept_run("shared", "", _by_name(folders), make))


def _laid_out(files: "Mapping[str, Sequence[File]]", folders: Mapping[str, Path]) -> "dict[str, Json]":
    """The *files* of each target as they are to stand in its folder, by their paths."""
    texts = {folders[target] / each.path: _text(each) for target in files for each in files[target]}
    return {str(path): text for path, text in formatted(texts).items()}


def _text(file: "File") -> str:
    return with_exceptions(file.text) if file.path.suffix == ".py" else file.text


def _files(kept: Any) -> dict[Path, str]:
    return {Path(path): text for path, text in kept.items()}


def _by_name(folders: Mapping[str, Path]) -> "dict[str, Json]":
    return {target: str(folder) for target, folder in folders.items()}


def _owned(services: Iterable[str], folders: Mapping[str, Path], *, whole: bool) -> Iterable[Path]:
    """The folders in which nothing but our files may stand: all, or those of *services* alone."""
    for folder in folders.values():
        yield from [folder] if whole else [folder / service for service in services]
