"""The npm packages: what they weigh in a page, and whether they are in order, beside those of others.

    python -m benchmarks.packages

Ours are packed from nothing and installed from their tarballs; the others are those of `peers/package.json`. A page bundles
what a program needs that connects. `types` is what arethetypeswrong finds in the tarball, `publint` what publint does.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.packages import published

PEERS = published.ROOT / "benchmarks" / "peers"
LOADS = "import(process.argv[1]).catch((error) => { console.error(error.message); process.exit(1); });"


class BenchmarkInvalid(Exception):
    """A page is not what it is taken for."""


@dataclass(frozen=True)
class Subject:
    """A package that is installed in a folder, what a page imports of it, and from where."""

    imports: str
    entry: str
    folder: Path
    package: published.Package
    judged: Sequence[str] = ()

    @property
    def page(self) -> str:
        return f'import {{ {self.imports} as used }} from "{self.entry}"; globalThis.used = used;'

    def opinion(self) -> Mapping[str, Sequence[str]]:
        """What arethetypeswrong and publint say of the package, of the entries that `exports` names and of those `judged`."""
        return published.node("judge.mjs", self.package.tarball, *self.judged)

    def loads_without_event_classes(self) -> bool:
        """Whether Node imports it where there is no event class of the DOM."""
        bare = published.PACKAGING / "without-dom-events.cjs"
        arguments = ("--require", bare, "--input-type=module", "--eval", LOADS, self.entry)
        return self._imports(*arguments)

    def check_that_it_loads(self) -> None:
        """Raises where Node does not import it at all."""
        if not self._imports("--input-type=module", "--eval", LOADS, self.entry):
            raise BenchmarkInvalid(f"Node does not import {self.entry}")

    def _imports(self, *arguments: object) -> bool:
        command = ["node", *(str(each) for each in arguments)]
        return not subprocess.run(command, cwd=self.folder, capture_output=True, check=False).returncode


@dataclass(frozen=True)
class Ours:
    """Our packages, packed from nothing, and the folder where they are installed."""

    packages: Sequence[published.Package]
    folder: Path

    @classmethod
    def packed(cls, into: Path) -> "Ours":
        packages = published.pack(into)
        folder = into / "installed"
        folder.mkdir()
        published.install(packages, folder)
        return cls(packages, folder)

    def subjects(self) -> Iterator[Subject]:
        """The runtime, and one service with it."""
        for imports, entry, each in zip(("Client", "SpcClient"), (".", "./spc"), self.packages, strict=True):
            yield Subject(imports, each.imported(entry), self.folder, each, tuple(each.entries))

    def rows(self) -> Iterator[Sequence[str]]:
        """What a page bundles that takes all that an entry has, for each of them."""
        names = [each.imported(entry) for each in self.packages for entry in each.entries]
        pages = {name: f'export * from "{name}";' for name in names}
        for name, size in published.node("bundle.mjs", self.folder, stdin=json.dumps(pages)).items():
            yield name, f"{size['bytes']:,}", f"{size['gzip']:,}"


def others(folder: Path) -> Iterator[Subject]:
    """The packages of others, as they are installed in `peers/`, packed again in *folder*."""
    for entry, exports in {
        "centrifuge": "Centrifuge",
        "phoenix": "Socket",
        "partysocket/ws": "default",
        "socket.io-client": "io",
    }.items():
        name = entry.partition("/")[0]
        tarball = published.packed(PEERS / "node_modules" / name, folder, "--ignore-scripts")
        yield Subject(exports, entry, PEERS, published.Package(name, tarball))


def sizes(subjects: Sequence[Subject]) -> Mapping[str, Mapping[str, int]]:
    """What the page of each bundles, minified, and compressed, by its entry."""
    bundled: dict[str, Mapping[str, int]] = {}
    for folder in {each.folder for each in subjects}:
        pages = {each.entry: each.page for each in subjects if each.folder == folder}
        bundled |= published.node("bundle.mjs", folder, stdin=json.dumps(pages))
    for name, size in bundled.items():
        if size["bytes"] < 1_000:
            raise BenchmarkInvalid(f"the page of {name} has {size['bytes']} bytes: nothing is in it")
    return bundled


def row(subject: Subject, size: Mapping[str, int]) -> Iterator[str]:
    """The cells of *subject* in the table."""
    subject.check_that_it_loads()
    manifest, opinion = subject.package.manifest, subject.opinion()
    yield f"{subject.entry} {manifest['version']}"
    yield f"{size['bytes']:,}"
    yield f"{size['gzip']:,}"
    yield str(len(manifest.get("dependencies", {})))
    yield _counted(each.split()[0] for each in opinion["problems"]) if opinion["types"] else "ships none"
    yield _counted(each.split(":")[0] for each in opinion["findings"])
    yield json.dumps(manifest["sideEffects"]) if "sideEffects" in manifest else "not said"
    yield "yes" if subject.loads_without_event_classes() else "no"


def _counted(kinds: Iterator[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).items()) or "clean"


def table(rows: Iterable[Iterable[str]]) -> str:
    """The rows as lines, in columns as wide as they need."""
    cells = [tuple(each) for each in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "\n".join(lines)


HEAD = ("page", "bytes", "gzip", "dependencies", "types", "publint", "sideEffects", "loads without events")


def main() -> int:
    if not all((each / "node_modules").exists() for each in (PEERS, published.PACKAGING)):
        print('The packages are not installed: "make bench" does it.', file=sys.stderr)
        return 2
    version = published.run("node", "--version", cwd=PEERS).strip()
    print(f"Minified by Vite, compressed by gzip 9; Node {version}.\n")
    with TemporaryDirectory() as folder:
        ours = Ours.packed(Path(folder))
        subjects = [*ours.subjects(), *others(Path(folder))]
        bundled = sizes(subjects)
        print(table([HEAD, *(row(each, bundled[each.entry]) for each in subjects)]))
        print("\nEverything that an entry of ours has:\n")
        print(table([("entry", "bytes", "gzip"), *ours.rows()]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
