import pytest
from litestar.testing import create_test_client

from handlers.page import page

INDEX = '<!doctype html><script type="module" src="/assets/page-1a2b.js"></script>'


@pytest.fixture
def folder(tmp_path):
    """A page as Vite builds it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "assets" / "page-1a2b.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path


@pytest.fixture
def client(folder):
    with create_test_client(page(folder)) as client:
        yield client


def test_the_page_is_asked_for_each_time(client):
    response = client.get("/")

    assert response.status_code == 200
    assert response.text == INDEX
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"


def test_the_page_runs_no_scripts_but_its_own(client):
    policy = client.get("/").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "script-src" not in policy


def test_the_page_shows_images_of_its_own_only(client):
    policy = client.get("/").headers["content-security-policy"]

    assert "img-src 'self' data: blob:;" in policy


def test_its_assets_are_kept_for_good(client):
    response = client.get("/assets/page-1a2b.js")

    assert response.text == "export {}"
    assert response.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert response.headers["cache-control"] == "max-age=31536000, public, immutable"


@pytest.mark.parametrize(
    "path", ["/assets/other.js", "/assets/../secret.txt", "/assets/%2e%2e/secret.txt", "/secret.txt"]
)
def test_nothing_else_is_served(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert response.headers.get("cache-control") is None


def test_a_page_that_is_not_built_says_how(tmp_path):
    with create_test_client(page(tmp_path / "dist")) as client:
        response = client.get("/")

    assert response.status_code == 503
    assert "make web" in response.text


def test_a_page_that_is_built_while_the_server_runs_is_served(tmp_path):
    with create_test_client(page(tmp_path)) as client:
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets" / "page.js").write_text("export {}")
        (tmp_path / "index.html").write_text(INDEX)

        assert client.get("/").text == INDEX
        assert client.get("/assets/page.js").text == "export {}"
