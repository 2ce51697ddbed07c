"""A file of JSON lines: bytes in, numbered lines out."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from postmortems.importing.record import Remark, shown

_ENDS = re.compile(rb"\r\n|\n|\r")


class Numbered(NamedTuple):
    """A line that is not blank, and which one it is; the first is 1."""

    number: int
    text: str


def read_file(raw: bytes) -> tuple[str, tuple[Remark, ...]]:
    """The file as text that can be kept, and a remark for each line that had bytes which are not UTF-8, or NUL.

    Lines keep their numbers. A byte order mark goes; UTF-16 that begins with one is understood.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
    remarks: list[Remark] = []
    lines = [_line(number, one, remarks) for number, one in enumerate(_ENDS.split(_unmarked(raw)), 1)]
    return "\n".join(lines), tuple(remarks)


def numbered(text: str) -> list[Numbered]:
    """The lines of a text that `read_file` made, without the blank ones."""
    return [Numbered(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _unmarked(raw: bytes) -> bytes:
    return raw.removeprefix(codecs.BOM_UTF8)


def _line(number: int, raw: bytes, remarks: list[Remark]) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        text = raw.decode("utf-8", "replace")
        told = (
            f"There are bytes that are not UTF-8 (the first is byte {error.start + 1}): they became �. Save as UTF-8."
        )
        remarks.append(Remark(number, "", told, shown(raw[max(error.start - 20, 0) : error.start + 20])))
    return text.replace("\x00", "\ufffd")
