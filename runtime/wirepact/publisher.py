"""Publishing: what is said to more than one client, from anywhere.

Needs a broker and nothing of the server, so that a background task, a script or another process speaks in the
same words as a handler. The emitted publisher has a method for each operation; it calls `Publisher.publish`.
"""

from collections.abc import Mapping

from wirepact.broker import Broker, Publication
from wirepact.descriptors import Key, MessageT, SendOperation, ToChannel, ToGroup
from wirepact.topics import channel_topic, group_topic
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
    ) -> None:
        """Send *message* to the audience of *operation*.

        *parameters* are those of the address; *key* is that of the group, if the audience is one. Raises `TypeError` for what the document does not provide for: a mistake in the calling code.
        """
        if not isinstance(message, operation.messages):
            allowed = ", ".join(each.__name__ for each in operation.messages)
            raise TypeError(f'"{operation.name}" sends {allowed}, not {type(message).__name__}')
        topic = _topic(operation, parameters or {}, key if user is None else user)
        frame = encode(message)
        payload = frame if isinstance(frame, bytes) else frame.encode()
        await self._broker.publish(Publication(topic, payload, is_binary=isinstance(frame, bytes)))


def _topic(operation: SendOperation[MessageT], parameters: Mapping[str, Key], key: Key | None) -> str:
    match operation.to:
        case ToChannel() if key is None:
            return channel_topic(operation.channel, parameters)
        case ToGroup(name) if key is not None:
            return group_topic(operation.channel, parameters, name, key)
        case ToChannel():
            raise TypeError(f'"{operation.name}" goes to all at the address, so it takes no key')
        case ToGroup(name):
            raise TypeError(f'"{operation.name}" goes to the group "{name}", so it needs a key')
        case _:
            raise TypeError(f'"{operation.name}" answers one client; send it with peer.send')
