import pytest

from handlers.chat.uploads import FileTooLarge, NotWhatItSays, TypeNotAllowed, UploadRules, kept_name

RULES = UploadRules(16, frozenset({"image/png", "image/webp", "application/pdf"}))
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("image/png", PNG),
        ("image/webp", b"RIFF\0\0\0\0WEBP"),
        ("application/pdf", b"anything"),
        ("application/pdf", bytes(16)),
    ],
)
def test_what_is_on_the_list_and_small_enough_may_be_uploaded(media_type, data):
    RULES.check(media_type, data)


def test_too_large_a_file_may_not():
    with pytest.raises(FileTooLarge, match="at most 16 bytes"):
        RULES.check("application/pdf", bytes(17))


@pytest.mark.parametrize("media_type", ["text/html", "image/svg+xml", "IMAGE/PNG", ""])
def test_a_type_that_is_not_on_the_list_may_not(media_type):
    with pytest.raises(TypeNotAllowed, match="only application/pdf, image/png, image/webp"):
        RULES.check(media_type, PNG)


@pytest.mark.parametrize("data", [b"", b"<script>", b"\x89PN", b"RIFF\0\0\0\0WEBP", b" " + PNG])
def test_what_does_not_look_like_the_image_that_it_is_said_to_be_may_not(data):
    with pytest.raises(NotWhatItSays, match="the file is no image/png"):
        RULES.check("image/png", data)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("menu.pdf", "menu.pdf"),
        ("메뉴.pdf", "메뉴.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\table.png", "table.png"),
        ("a\0b\nc\u202egnp.exe", "abcgnp.exe"),
        ("  ", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_what_can_not_be_seen(name, kept):
    assert kept_name(name) == kept
