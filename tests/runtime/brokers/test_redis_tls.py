"""Redis behind TLS (`rediss://`): a front that ends TLS before a real server."""

import asyncio
import datetime as dt
import ssl
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from brokers import QUICK, Node, until
from wirepact.broker import Keep, Publication
from wirepact.broker_redis import RedisBroker, RedisOptions
from wirepact.errors import Unavailable


def _certificate(folder):
    """A key and a certificate for 127.0.0.1, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "here.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@asynccontextmanager
async def _front(port, path):
    """The port of something that speaks TLS and hands on to *port*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    async def pump(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def accept(reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def front(redis_server, tmp_path):
    path = _certificate(tmp_path)
    async with _front(redis_server.port, path) as port:
        yield port, path


async def test_publishing_and_hearing_goes_through_tls(front):
    port, path = front
    broker = RedisBroker(
        f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={path}", RedisOptions(prefix="tls", backoff=QUICK)
    )
    node = await Node().start(broker)
    await broker.subscribe("t")

    position = await broker.publish(Publication("t", b"x", keep=Keep("stream", age=60)))

    await until(lambda: node.positions == [position])
    await broker.stop()


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(front):
    port, _ = front
    broker = RedisBroker(f"rediss://127.0.0.1:{port}/0", RedisOptions(prefix="tls", backoff=QUICK))

    with pytest.raises(Unavailable):
        await broker.publish(Publication("t", b"x"))
    await broker.stop()
