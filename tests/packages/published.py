"""The npm packages as they are published: packed from nothing, looked into, and installed in a folder of their own."""

import fcntl
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "clients" / "typescript"
PACKAGING = CLIENTS / "packaging"
FOLDERS = {"@wirepact/client": "runtime", "@wirepact/services": "services"}


@dataclass(frozen=True)
class Package:
    """One packed package: its name and the tarball."""

    name: str
    tarball: Path

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """What is in it, by the path from its root."""
        with tarfile.open(self.tarball) as tar:
            return {
                member.name.removeprefix("package/"): tar.extractfile(member).read()
                for member in tar
                if member.isfile()
            }

    @cached_property
    def manifest(self) -> Mapping[str, object]:
        return json.loads(self.files["package.json"])

    @cached_property
    def entries(self) -> Mapping[str, tuple[str, ...]]:
        """What can be imported of it, as the path behind its name (`.`, `./spc`), and the files that it leads to."""
        return dict(sorted(self._entries()))

    def _entries(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for entry, formats in self.manifest["exports"].items():
            if entry.endswith(".json"):
                continue
            targets = tuple(path.removeprefix("./") for each in formats.values() for path in each.values())
            if "*" not in entry:
                yield entry, targets
                continue
            before, after = formats["import"]["default"].removeprefix("./").split("*")
            for path in self.files:
                if path.startswith(before) and path.endswith(after):
                    name = path.removeprefix(before).removesuffix(after)
                    yield entry.replace("*", name), tuple(each.replace("*", name) for each in targets)

    def imported(self, entry: str) -> str:
        """The name that *entry* has in an import."""
        return self.name + entry.removeprefix(".")


def pack(into: Path) -> tuple[Package, ...]:
    """Packs all of them, each after a build from nothing, for which others who pack have to wait."""
    with (CLIENTS / "build.mjs").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        return tuple(Package(name, packed(CLIENTS / folder, into)) for name, folder in FOLDERS.items())


def packed(folder: Path, into: Path, *options: str) -> Path:
    """The tarball of the package in *folder*."""
    told = npm(folder, "pack", "--json", "--pack-destination", into, *options)
    return into / json.loads(told)[0]["filename"]


def install(packages: tuple[Package, ...], folder: Path) -> None:
    """Installs them in *folder* without a network, and what they find beside them: their peers, and types of Node."""
    (folder / "package.json").write_text('{ "private": true }', "utf-8")
    npm(folder, "install", "--offline", "--no-audit", "--no-fund", *(each.tarball for each in packages))
    for name in _beside(packages):
        link = folder / "node_modules" / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(ROOT / "node_modules" / name)


def _beside(packages: tuple[Package, ...]) -> Iterator[str]:
    yield "@types/node"
    for each in packages:
        for peer in each.manifest.get("peerDependencies", {}):
            yield from (peer, f"@types/{peer}")


def npm(folder: Path, *arguments: object) -> str:
    """What npm says on stdout, run in *folder*."""
    return run("npm", *arguments, cwd=folder)


def node(script: str, *arguments: object, stdin: str | None = None) -> object:
    """What *script* of the packaging folder says, which is JSON."""
    return json.loads(run("node", PACKAGING / script, *arguments, cwd=PACKAGING, stdin=stdin))


def run(*command: object, cwd: Path, stdin: str | None = None) -> str:
    """What *command* says on stdout. What it says of its failure is in the error's text."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
