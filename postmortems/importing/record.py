"""What is read from a line, and what is said of what was not understood."""

from __future__ import annotations

import reprlib
from dataclasses import asdict, dataclass
from datetime import datetime

SHOWN = 80
"""So many characters of a value are repeated in a remark."""
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = SHOWN


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not understood, and what to do. `line` counts from 1; `refused`: the whole line was left out."""

    line: int
    field: str
    text: str
    value: str = ""
    refused: bool = False

    def as_json(self) -> dict[str, str | int | bool]:
        """As `Import.remarks` keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Record:
    """One write-up. Times have a zone, lie in order, and are None where they are not known."""

    line: int
    key: str
    """SHA-256 of what identifies it: imported once each."""
    title: str
    body: str
    severity: str = ""
    services: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    source_url: str = ""
    started_at: datetime | None = None
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A line as it was understood: `record` is None where it was refused. `unknown`: keys that mean nothing to us."""

    record: Record | None
    remarks: tuple[Remark, ...] = ()
    unknown: tuple[str, ...] = ()


def shown(value: object) -> str:
    """A value as a remark repeats it: one line, not long, and storable."""
    text = storable(" ".join((value if isinstance(value, str) else _REPR.repr(value)).split()))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def storable(text: str) -> str:
    """The text without what PostgreSQL cannot keep: NUL goes, half a surrogate pair becomes U+FFFD."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
