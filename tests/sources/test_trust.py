"""Whose certificates count: a company's authority in a file as one in the system's store, on every Python."""

from __future__ import annotations

import logging
import os
import shutil
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.sources.asking import answer
from tests.sources.conftest import Serve
from tests.sources.servers import say
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest
from trayapp.sources.trust import CertificateStore, create_tls_context, system_store

NOW = datetime.now(UTC)
STRICT = """
import ssl, sys
from trayapp.sources.trust import create_tls_context
assert ssl.create_default_context().verify_flags & ssl.VERIFY_X509_STRICT
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(sys.argv[2])
ends = [ssl.MemoryBIO() for _ in range(2)]
near = create_tls_context(sys.argv[1]).wrap_bio(ends[0], ends[1], server_hostname="localhost")
far = server.wrap_bio(ends[1], ends[0], server_side=True)
for _ in range(4):
    for end in (near, far):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            pass
print(near.version())
"""
"""A whole handshake with a company's server."""


def name(of: str) -> x509.Name:
    """A certificate's name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, of)])


@pytest.fixture
def company(tmp_path: Path) -> tuple[str, str]:
    """An authority as many companies have them, without key identifiers and key usage; and a server's certificate and key."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]

    def certificate(subject: str, key: int, extension: x509.ExtensionType) -> bytes:
        made = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("a company"))
        made = made.public_key(keys[key].public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(NOW - timedelta(1)).not_valid_after(NOW + timedelta(30))
        signed = made.add_extension(extension, critical=False).sign(keys[0], hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    key = keys[1].private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    (tmp_path / "root.pem").write_bytes(certificate("a company", 0, x509.BasicConstraints(True, None)))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    (tmp_path / "server.pem").write_bytes(certificate("a server", 1, names) + key)
    return str(tmp_path / "root.pem"), str(tmp_path / "server.pem")


@pytest.fixture
def by_company(company: tuple[str, str]) -> ssl.SSLContext:
    """The server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(company[1])
    return context


def test_a_file_is_judged_as_the_systems_store(company: tuple[str, str]) -> None:
    """Names and chains are checked, and no more is demanded of an authority on any Python."""
    context = create_tls_context(company[0])
    assert not context.verify_flags & ssl.VERIFY_X509_STRICT
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    for each in (context, create_tls_context("")):
        assert each.minimum_version >= ssl.TLSVersion.TLSv1_2


def later_python() -> str:
    """A Python whose default is stricter; empty where there is none."""
    if sys.version_info >= (3, 13):
        return sys.executable
    pyenv = sorted(map(str, Path.home().glob(".pyenv/versions/3.1[3-9]*/bin/python3")))
    return pyenv[0] if pyenv else shutil.which("python3.13") or ""


def test_a_company_without_key_identifiers_is_trusted_on_python_3_13(company: tuple[str, str]) -> None:
    """Its own default would refuse the authority: a whole handshake."""
    if not (python := later_python()):
        pytest.skip("needs Python 3.13")
    packages = [path for path in sys.path if path.endswith("site-packages")]
    done = subprocess.run(
        [python, "-c", STRICT, *company],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *packages])},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if "No module" in done.stderr or "not installed" in done.stderr:
        pytest.skip("needs a Python 3.13 that can load the program")
    assert done.stdout.startswith("TLS"), done.stderr


def test_keys_that_cannot_be_logged_cost_no_connection(  # noqa: PLR0917 - fixtures
    company: tuple[str, str],
    by_company: ssl.SSLContext,
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """SSLKEYLOGFILE in a folder that is not there is said in the log; one that can be written is."""
    server = serve(say(200, b"{}"), by_company)
    for file in (tmp_path / "nowhere" / "keys", tmp_path / "keys"):
        monkeypatch.setenv("SSLKEYLOGFILE", str(file))
        http = HttpClient(user_agent="test", ca_file=company[0])
        try:
            assert answer(http, HttpRequest(f"https://localhost:{server.port}/")).status == 200
        finally:
            http.close()
    (said,) = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert said == f"SSLKEYLOGFILE: no keys are written to {tmp_path}/nowhere/keys: No such file or directory"
    assert (tmp_path / "keys").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems list no certificates")
def test_an_empty_store_is_told_from_one_in_a_file_and_one_in_a_folder(
    company: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder counts by the names that OpenSSL looks for."""
    (folder := tmp_path / "folder").mkdir()
    (file := tmp_path / "none.pem").write_text("garbage")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    (folder / "README").touch()
    assert system_store() == CertificateStore(0, None)
    (folder / "0a1b2c3d.0").touch()
    assert system_store() == CertificateStore(0, folder)
    monkeypatch.setenv("SSL_CERT_FILE", company[0])
    assert system_store() == CertificateStore(1, folder)
