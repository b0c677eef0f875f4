"""Publishing: what is said to more than one client, from anywhere.

Needs a broker and nothing of the server, so that a background task, a script or another process speaks in the
same words as a handler. The emitted publisher has a method for each operation; it calls `Publisher.publish`.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

from pydantic_core import from_json

from wirepact.broker import Broker, Keep, Publication
from wirepact.descriptors import (
    Key,
    MessageT,
    Recovery,
    SendOperation,
    ToChannel,
    ToGroup,
    ToRoles,
    ToSender,
    ToUser,
)
from wirepact.topics import channel_topic, group_topic, roles_topic, user_topic
from wirepact.wire import encode


class Publisher:
    """Says what the document lets the server say to an audience."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def publish(
        self,
        operation: SendOperation[MessageT],
        message: MessageT,
        *,
        parameters: Mapping[str, Key] | None = None,
        key: Key | None = None,
        user: str | None = None,
        idempotency_key: str | None = None,
        version: int | None = None,
    ) -> None:
        """Send *message* to the audience of *operation*, and keep it if the document wants it recovered.

        *parameters* are those of the address; *key* is that of the group, *user* the `sub` of the user, if the audience is one.
        Publishing again with the same *idempotency_key* within a while does nothing; a *version* that is not newer than
        the one that is kept for the key is suppressed (`x-recovery: latest`). Raises `Unavailable` if the broker is out of reach, and `TypeError` for what the
        document does not provide for: a mistake in the calling code.
        """
        if not isinstance(message, operation.messages):
            allowed = ", ".join(each.__name__ for each in operation.messages)
            raise TypeError(f'"{operation.name}" sends {allowed}, not {type(message).__name__}')
        topic = _topic(operation, parameters or {}, key, user)
        frame = encode(message)
        payload = frame if isinstance(frame, bytes) else frame.encode()
        publication = Publication(
            topic,
            payload,
            isinstance(frame, bytes),
            _keep(operation.recovery),
            _key(operation, frame) if operation.is_latest else None,
            idempotency_key,
            version,
            operation.slow_consumer,
        )
        begun, seconds = perf_counter(), None
        try:
            await self._broker.publish(publication)
            seconds = perf_counter() - begun
        finally:
            self._broker.on_published(operation.channel.service, operation.name, seconds)


def _keep(recovery: Recovery | None) -> Keep | None:
    return None if recovery is None else Keep(recovery.mode, recovery.age, recovery.size)


def _key(operation: SendOperation[MessageT], frame: str | bytes) -> str:
    """Of what *frame* is the latest: of its operation, and in it of what the document's key says."""
    if operation.recovery is None or not operation.recovery.key:
        return operation.name
    value: Any = from_json(frame)
    for step in operation.recovery.key:
        value = value[step]
    return f"{operation.name}={value}"


def _topic(
    operation: SendOperation[MessageT], parameters: Mapping[str, Key], key: Key | None, user: str | None
) -> str:
    channel, name = operation.channel, operation.name
    match operation.to:
        case ToChannel() if key is user is None:
            return channel_topic(channel, parameters)
        case ToRoles(roles) if key is user is None:
            return roles_topic(channel, parameters, roles)
        case ToGroup(group) if key is not None and user is None:
            return group_topic(channel, parameters, group, key)
        case ToUser() if user is not None and key is None:
            return user_topic(channel, parameters, user)
        case ToChannel():
            raise TypeError(f'"{name}" goes to all at the address, so it takes no key and no user')
        case ToRoles(roles):
            raise TypeError(f'"{name}" goes to the roles {", ".join(roles)}, so it takes no key and no user')
        case ToGroup(group):
            raise TypeError(f'"{name}" goes to the group "{group}", so it needs a key, and no user')
        case ToUser():
            raise TypeError(f'"{name}" goes to one user, so it needs a user, and no key')
        case ToSender():
            raise TypeError(f'"{name}" answers one client; send it with peer.send')
