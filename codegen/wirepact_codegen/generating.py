"""The whole way: documents to services, services to files, files to what differs on disk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wirepact_codegen.errors import Finding, Findings
from wirepact_codegen.model import Service
from wirepact_codegen.project import Project
from wirepact_codegen.reading import read_services
from wirepact_codegen.targets import TARGETS
from wirepact_codegen.targets.files import File
from wirepact_codegen.terms import LENIENT, Terms
from wirepact_codegen.unchecked import with_exceptions
from wirepact_codegen.writing import Change, changes, formatted


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
    findings = Findings()
    services = read_services(documents, findings, terms.perspective)
    findings = terms.judged(findings)
    findings.refuse_if_errors()
    files = formatted(_emitted(services, folders))
    whole = {*map(Path, documents)} >= {*map(Path, project.documents)}
    return Outcome(len(files), changes(files, list(_owned(services, folders, whole=whole))), tuple(findings))


def _emitted(services: Sequence[Service], folders: Mapping[str, Path]) -> dict[Path, str]:
    files: dict[Path, str] = {}
    for target, folder in folders.items():
        files |= {folder / each.path: _text(each) for each in TARGETS[target].files(services)}
    return files


def _text(file: File) -> str:
    return with_exceptions(file.text) if file.path.suffix == ".py" else file.text


def _owned(services: Iterable[Service], folders: Mapping[str, Path], *, whole: bool) -> Iterable[Path]:
    """The folders in which nothing but our files may stand: all, or those of *services* alone."""
    for folder in folders.values():
        yield from [folder] if whole else [folder / service.name for service in services]
