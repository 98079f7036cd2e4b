"""The certificate of an emulator that enforces permissions: it then speaks TLS, and only to who trusts this one."""

import subprocess
from pathlib import Path
from typing import Final

from local.errors import LocalStackError
from local.state import HOST

_DAYS: Final = 825  # the longest life that every client accepts


def obtain(certificate: Path) -> Path:
    """Make a self-signed certificate for loopback and its key beside it, once; return the key's file (mode 0600)."""
    key = certificate.with_suffix(".key")
    if certificate.exists():
        return key
    certificate.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(_DAYS)),
        *("-subj", "/CN=plugin-depot-local", "-addext", f"subjectAltName=IP:{HOST}"),
        *("-addext", "basicConstraints=critical,CA:FALSE", "-keyout", str(key), "-out", str(certificate)),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise LocalStackError(f"No certificate for the emulator could be made:\n{made.stderr}")
    key.chmod(0o600)
    return key
