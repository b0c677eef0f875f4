"""The Python packages as they are published, installed beside what they need in an environment without this repository."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT, ROOT / "clients" / "python")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel, and the names of the files in it."""

    path: Path
    names: tuple[str, ...]


def build(folder: Path, target: Path) -> Wheel:
    """The wheel of the package in *folder*."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target / folder.name)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    [path] = (target / folder.name).glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return Wheel(path, tuple(archive.namelist()))


def install(wheels: list[Wheel], folder: Path) -> Path:
    """The interpreter of an environment in *folder* with *wheels*, and what is installed for development but this repository."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    site = Path(subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60).stdout.strip())
    for each in wheels:
        with zipfile.ZipFile(each.path) as archive:
            archive.extractall(site)
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"], "utf-8")
    return python
