import shutil
from pathlib import Path

import pytest

from packages import published

CONSUMER = Path(__file__).parent / "consumer"


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    return published.pack(tmp_path_factory.mktemp("tarballs"))


@pytest.fixture(scope="session")
def installed(packages, tmp_path_factory):
    """A folder of somebody who has installed both packages."""
    folder = tmp_path_factory.mktemp("installed")
    published.install(packages, folder)
    return folder


@pytest.fixture(scope="session")
def program(installed):
    """The folder with the programs that import what is installed."""
    for each in CONSUMER.glob("*.?js"):
        shutil.copy(each, installed)
    return installed


@pytest.fixture
def entries(packages):
    """Every entry of both packages, as it is imported."""
    return [each.imported(entry) for each in packages for entry in each.entries]


@pytest.fixture(params=published.FOLDERS)
def package(request, packages):
    return next(each for each in packages if each.name == request.param)
