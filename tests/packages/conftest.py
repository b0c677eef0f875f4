import pytest

from packages import published


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    return published.pack(tmp_path_factory.mktemp("tarballs"))


@pytest.fixture(scope="session")
def installed(packages, tmp_path_factory):
    """A folder of somebody who has installed both packages."""
    folder = tmp_path_factory.mktemp("installed")
    published.install(packages, folder)
    return folder


@pytest.fixture(params=published.FOLDERS)
def package(request, packages):
    return next(each for each in packages if each.name == request.param)
