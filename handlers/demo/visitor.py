"""Who looks at the page while lives are lived: a colleague of everyone in them."""

from typing import Final

from handlers.demo.outside import Outside

ID: Final = "1000"
NAME: Final = "방문자"
ROLES: Final = ("INSTRUCTOR",)
CLAIMS: Final = {"departments": ["*"]}


def link(outside: Outside) -> str:
    """The page, signed in as the visitor. Browsers send what stands behind the # to nobody."""
    return f"{outside.url.rstrip('/')}/#token={outside.token(ID, name=NAME, roles=ROLES, claims=CLAIMS)}"
