"""What came of an import, in words and as a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from notifications.sheets import cell
from postmortems.models import Import

COLUMNS = ("line", "refused", "field", "value", "text")


def in_words(row: Import) -> str:
    """The counts in one sentence, with the rate where it is finished."""
    counts = f"{row.created} imported, unchanged {row.unchanged}, {row.refused} refused"
    return f"{counts}, of {row.total} line{'' if row.total == 1 else 's'}"


def in_lines(row: Import) -> Iterator[str]:
    """Each remark in a line: where, what, and the value."""
    for one in ordered(row):
        where = f"line {one['line']}" + (f", {one['field']}" if one["field"] else "")
        value = f" ({one['value']})" if one["value"] else ""
        yield f"{where}: {'REFUSED. ' if one['refused'] else ''}{one['text']}{value}"


def ordered(row: Import) -> list[dict[str, str | int | bool]]:
    """The remarks in the order of the lines."""
    return sorted(row.remarks, key=_line)


def as_csv(row: Import) -> str:
    """A spreadsheet of the remarks; what a spreadsheet would run is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in ordered(row):
        writer.writerow(cell(str(one[name])) for name in COLUMNS)
    return out.getvalue()


def _line(remark: dict[str, str | int | bool]) -> int:
    return int(remark["line"])
