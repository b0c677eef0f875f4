import pytest

from handlers.chat.domain import File, Kind, NotAnImage, check_shown, may_be_url, user_id_of


@pytest.mark.parametrize(
    ("subject", "user_id"),
    [
        ("1", 1),
        ("9007199254740991", 9007199254740991),
        ("9007199254740992", None),
        ("1" * 5000, None),
        ("0", None),
        ("01", None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        ("\u0661", None),
        ("user-1", None),
        ("", None),
    ],
)
def test_a_user_is_a_number_that_every_reader_of_json_keeps(subject, user_id):
    assert user_id_of(subject) == user_id


@pytest.mark.parametrize("text", ["pod_123_chat", "a", "A-1", "x" * 100])
def test_a_channel_is_named_by_letters_digits_hyphens_and_underscores(text):
    assert may_be_url(text)


@pytest.mark.parametrize("text", ["", "x" * 101, "pod 1", "pod/1", "파티", "pod\0", "pod\n"])
def test_anything_else_names_no_channel(text):
    assert not may_be_url(text)


def test_only_an_image_can_be_shown_as_one():
    menu = File("k", "menu.pdf", 10, "application/pdf")

    check_shown(menu, Kind.FILE)
    check_shown(File("k", "table.png", 10, "image/png"), Kind.IMAGE)
    with pytest.raises(NotAnImage, match="application/pdf"):
        check_shown(menu, Kind.IMAGE)
