"""What the tests of outbound requests share: an authority of their own, and a client that may speak to loopback."""

import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.connectors.mcp.client import McpClient
from shared.connectors.outbound.transport import Outbound
from tests.unit.connectors.mcp.server import Served, served, tools_app

Pair = tuple[Path, Path]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """A certificate for mcp.example.com that nobody but these tests trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mcp.example.com")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("mcp.example.com")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("authority")
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture(scope="session")
def trusted(certificate: Pair) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@pytest.fixture
def outbound(trusted: ssl.SSLContext) -> Outbound:
    """For which every name leads to loopback, and loopback is as good as any address."""
    return Outbound(
        time.monotonic, lambda *_: ["127.0.0.1"], admits=lambda address: address == "127.0.0.1", trusted=trusted
    )


@pytest.fixture
def client(outbound: Outbound) -> McpClient:
    return McpClient(outbound, time.monotonic)


@pytest.fixture(params=[True, False], ids=["json", "events"])
def server(request: pytest.FixtureRequest, certificate: Pair) -> Iterator[Served]:
    """A real MCP server, answering in JSON and in events."""
    with served(tools_app(json_response=request.param), *certificate) as place:
        yield place


@pytest.fixture
def serve(certificate: Pair) -> Any:
    """Serves an ASGI application for the length of a `with` block."""
    return lambda app: served(app, *certificate)
