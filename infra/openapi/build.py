"""Every file that is made from the API's description, by path."""

import json
from pathlib import Path

from infra.openapi.document import describe
from infra.openapi.page import render

ROOT = Path(__file__).resolve().parents[2]
_SERVED = ROOT / "functions" / "admin" / "static"


def build() -> dict[Path, str]:
    """The document for people to review, compact for callers, and as a page."""
    document = describe()
    return {
        ROOT / "docs" / "openapi.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n",
        _SERVED / "openapi.json": json.dumps(document, separators=(",", ":"), ensure_ascii=False),
        _SERVED / "docs.html": render(document),
    }
