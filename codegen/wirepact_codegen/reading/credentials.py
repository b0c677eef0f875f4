"""Security schemes: the places where the server looks for a token, and those in which nobody looks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from wirepact_codegen.errors import did_you_mean
from wirepact_codegen.model import Credential
from wirepact_codegen.reading.context import Context
from wirepact_codegen.source import Node

_BROKERS = "schemes of brokers mean nothing to a WebSocket"
_TLS = "certificates are looked at where TLS ends, in front of the server"
_SECRETS = "keys are exchanged by brokers; say how a token is shown"

_UNENFORCED: Mapping[str, str] = {
    "apiKey": "say httpApiKey, with the name of a query parameter, a cookie or a header",
    "asymmetricEncryption": _SECRETS,
    "gssapi": _BROKERS,
    "http": "say http bearer, or httpApiKey",
    "plain": _BROKERS,
    "scramSha256": _BROKERS,
    "scramSha512": _BROKERS,
    "symmetricEncryption": _SECRETS,
    "userPassword": "say http bearer, or httpApiKey, for a token that a login gives out",
    "X509": _TLS,
}
"""What AsyncAPI knows beside what the server looks at, and what to do instead."""

_TOKENS = ("oauth2", "openIdConnect")
"""Ways to get a token, which is then shown as a bearer token."""


def read_credentials(context: Context, owner: Node) -> tuple[Credential, ...]:
    """The places where a server expects a token, any one of them being enough."""
    security = owner.get("security")
    found = [_credential(context, each) for each in (security.elements() if security is not None else ())]
    return distinct(each for each in found if each is not None)


def request_credentials(
    context: Context, operation: Node, servers: tuple[Credential, ...]
) -> tuple[Credential, ...]:
    """Where a request shows its token: what its operation says wins over what its *servers* say."""
    own = read_credentials(context, operation)
    if own and servers and not places(own) <= places(servers):
        sentence = f'operation "{operation.key}" asks for other credentials than its servers'
        context.fault(
            "WP308", operation.at(("security",)).key_place, f"{sentence}: only the operation's are asked for"
        )
    return own or servers


def places(credentials: Iterable[Credential]) -> frozenset[tuple[str, str]]:
    """Where they stand, whatever else is said of them."""
    return frozenset(map(_where, credentials))


def distinct(credentials: Iterable[Credential]) -> tuple[Credential, ...]:
    """Each place once, however many schemes name it, with what all of them say."""
    found: dict[tuple[str, str], Credential] = {}
    for each in credentials:
        key = _where(each)
        known = found.get(key, each)
        said = dict.fromkeys(filter(None, (known.description, each.description)))
        found[key] = replace(known, description=" ".join(said))
    return tuple(found.values())


def _where(credential: Credential) -> tuple[str, str]:
    name = credential.name
    return credential.where, name.lower() if credential.where == "header" else name


def _credential(context: Context, entry: Node) -> Credential | None:
    scheme = context.follow(entry)
    if scheme is None:
        return None
    place = _place(scheme)
    if place is None:
        kind = " ".join(filter(None, (scheme.text("type"), scheme.text("in") or scheme.text("scheme"))))
        sentence = f'security scheme "{_name(scheme)}" ({kind}) is not enforced: nobody is asked for it'
        context.fault("WP308", entry.place, sentence, _instead(scheme))
        return None
    if scheme.text("type") in _TOKENS:
        sentence = f'security scheme "{_name(scheme)}" is read as the bearer token that {scheme.text("type")} leads to'
        context.findings.inform("WP308", entry.place, sentence)
    return Credential(_name(scheme), place[0], place[1], _about(scheme))


def _place(scheme: Node) -> tuple[Literal["query", "cookie", "header", "bearer"], str] | None:
    """Where the token of a scheme stands; `None` if the server does not look there."""
    name = scheme.text("name")
    match scheme.text("type"), scheme.text("in"), scheme.text("scheme").lower():
        case "httpApiKey", "header", _ if name.lower() == "cookie":
            return None
        case "httpApiKey", ("query" | "cookie" | "header") as where, _ if name:
            return where, name
        case ("oauth2" | "openIdConnect", _, _) | ("http", _, "bearer"):
            return "bearer", ""
    return None


def _instead(scheme: Node) -> str:
    """What to say for a scheme that the server does not look at."""
    kind = scheme.text("type")
    if kind == "httpApiKey":
        return "say in which query parameter, cookie or header it stands"
    return _UNENFORCED.get(kind) or did_you_mean(kind, (*_UNENFORCED, *_TOKENS, "httpApiKey"))


def _name(scheme: Node) -> str:
    """What a scheme is called; one that stands where it is used is called after its type."""
    return scheme.text("type") if scheme.key.isdecimal() else scheme.key


def _about(scheme: Node) -> str:
    """What a reader should know of it: where a token comes from, and what it has to be good for."""
    scopes = scheme.get("scopes")
    named = ", ".join(f"`{each.value}`" for each in scopes.elements()) if scopes is not None else ""
    parts = [scheme.text("description").strip()]
    parts += [f"It needs the scopes {named}."] if named else []
    parts += [f"It comes from {scheme.text('openIdConnectUrl')}."] if scheme.text("openIdConnectUrl") else []
    parts += [f"It comes from {each}." for each in _token_urls(scheme)]
    return " ".join(filter(None, parts))


def _token_urls(scheme: Node) -> list[str]:
    """Where the flows of OAuth 2 begin, each place once."""
    flows = scheme.get("flows")
    every = list(flows.values()) if flows is not None else []
    said = (each.text("authorizationUrl") or each.text("tokenUrl") for each in every)
    return list(dict.fromkeys(filter(None, said)))
