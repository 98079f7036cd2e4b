"""What works with which version: written by a run of the end-to-end tests, shown in the docs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "docs" / "clients"
FILE = FOLDER / "matrix.json"
PAGE = FOLDER / "README.md"
_START, _END = "<!-- matrix: written by `make e2e` -->\n", "<!-- end of matrix -->"
STEPS = ("add", "install", "same files", "update", "revoked")
_YES, _NO, _UNKNOWN = "✓", "✗", "-"


@dataclass(slots=True)
class Row:
    """`steps` by name: whether each worked; one that was not reached is missing."""

    client: str
    version: str
    protocol: str
    steps: dict[str, bool] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.client} {self.protocol} {self.version}"


def record(rows: Iterable[Row]) -> None:
    """Put what a run found in the place of what was known of the same client, version and protocol."""
    known = {row.key: row for row in read()} | {row.key: row for row in rows}
    ordered = sorted(known.values(), key=lambda row: row.key)
    FILE.write_text(json.dumps([asdict(row) for row in ordered], indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page_with(ordered), encoding="utf-8")


def read() -> list[Row]:
    return [Row(**row) for row in json.loads(FILE.read_text(encoding="utf-8"))] if FILE.exists() else []


def page_with(rows: Iterable[Row]) -> str:
    """The docs' page with these rows in it."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_START)
    return before + _START + "\n" + table(rows) + "\n" + _END + rest.partition(_END)[2]


def table(rows: Iterable[Row]) -> str:
    """The rows in markdown."""
    head = ["client", "version", "by", *STEPS]
    lines = [head, ["---"] * len(head)]
    lines += [[row.client, row.version, row.protocol, *_marks(row.steps)] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _marks(steps: Mapping[str, bool]) -> list[str]:
    return [_UNKNOWN if step not in steps else _YES if steps[step] else _NO for step in STEPS]
