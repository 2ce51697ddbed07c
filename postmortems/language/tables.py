"""Which lines of a document belong to tables, and which of those tables tell a story."""

import re
from collections.abc import Sequence

_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")
_STORY = re.compile(
    r"\b(?:time|timeline|when|event|events|what|happened|description|details?|notes?|comments?|actions?|"
    r"findings?|lessons?|observations?|factors?)\b",
    re.I,
)
_SIGNALS = re.compile(r"\b(?:alerts?|alertname|monitors?|metrics?|checks?|thresholds?|rules?|probes?)\b", re.I)


def data_rows(lines: Sequence[str]) -> tuple[set[int], set[int]]:
    """Line numbers of (tables of data, tables of prose). A timeline is prose; a list of alerts is data."""
    data: set[int] = set()
    prose: set[int] = set()
    index = 0
    while index + 1 < len(lines):
        if "|" not in lines[index] or not _is_delimiter(lines[index + 1]):
            index += 1
            continue
        end = index
        while end < len(lines) and "|" in lines[end]:
            end += 1
        header = lines[index]
        story = _STORY.search(header) is not None and _SIGNALS.search(header) is None
        (prose if story else data).update(range(index, end))
        index = end
    return data, prose


def _is_delimiter(line: str) -> bool:
    return "|" in line and "-" in line and _DELIMITER.match(line) is not None
