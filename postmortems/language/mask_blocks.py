"""Line by line: fenced and indented code, quotations, tables, logs, chat, and the markers of lists and headings."""

import re
from dataclasses import dataclass

from postmortems.language.tables import data_rows
from postmortems.language.transcripts import is_chat_header, is_transcript

BLOCK = "\u2029"  # PARAGRAPH SEPARATOR: ends a sentence

_FENCE = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(`{3,}(?=[^`]*$)|~{3,})", re.S)
_MARKER = re.compile(r"\s*(?:[-*+•]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?=\s)")
_RULE = re.compile(r"\s*(?:=+|-{2,}|\*{3,}|_{3,}|(?:[-*_] ){2,}[-*_])\s*\Z")
_DEFINITION = re.compile(r"\s{0,3}\[[^\[\]]{1,200}\]:\s*\S")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)


@dataclass
class _Reader:
    """What the lines above have opened."""

    fence: str = ""
    quoting: bool = False
    chatting: bool = False
    in_list: bool = False
    after_blank: bool = True
    in_code: bool = False

    def blank_line(self) -> None:
        self.quoting = self.chatting = False
        self.after_blank = True

    def hides(self, line: str) -> bool:
        """Whether the whole line is somebody else's words. `line` is not blank."""
        if self._in_fence(line):
            return True
        indented = self._is_indented_code(line)
        after_blank, self.after_blank, self.in_code = self.after_blank, False, indented
        if indented:
            return True
        marker = _MARKER.match(line)
        self._track_list(line, marker is not None, after_blank)
        body = line[marker.end() :] if marker else line.lstrip()
        if body.startswith(">"):
            self.quoting = True
            return True
        if marker or _HEADING.match(line):
            self.quoting = self.chatting = False
        if is_chat_header(body):
            self.chatting = True
        return self.quoting or self.chatting or is_transcript(body) or _is_furniture(line)

    def _in_fence(self, line: str) -> bool:
        if self.fence:
            closing = line.strip()
            if closing.startswith(self.fence) and not closing.strip(self.fence[0]):
                self.fence = ""
            return True
        opening = _FENCE.match(line)
        if opening:
            self.fence = opening.group(1)
        return opening is not None

    def _is_indented_code(self, line: str) -> bool:
        if not (self.after_blank or self.in_code):
            return False
        width = 8 if self.in_list else 4
        expanded = line.expandtabs(4)
        return len(expanded) - len(expanded.lstrip(" ")) >= width

    def _track_list(self, line: str, marked: bool, after_blank: bool) -> None:
        if marked:
            self.in_list = True
        elif after_blank and not line[0].isspace():
            self.in_list = False


def mask_blocks(text: str) -> str:
    """The text, equally long, with hidden lines, blank lines and markers replaced by `BLOCK`."""
    lines = text.splitlines(keepends=True)
    data, prose = data_rows(lines)
    reader = _Reader()
    masked = []
    for number, line in enumerate(lines):
        if not line.strip():
            if not reader.fence:
                reader.blank_line()
            masked.append(BLOCK * len(line))
        elif reader.hides(line) or number in data:
            masked.append(BLOCK * len(line))
        else:
            masked.append(_without_markers(line.replace("|", BLOCK) if number in prose else line))
    return _COMMENT.sub(lambda found: BLOCK * len(found.group()), "".join(masked))


def _is_furniture(line: str) -> bool:
    return _RULE.match(line) is not None or _DEFINITION.match(line) is not None


def _without_markers(line: str) -> str:
    heading = _HEADING.match(line)
    if heading:
        title = line[heading.end() :].rstrip("\r\n")
        return BLOCK * heading.end() + title + BLOCK * (len(line) - heading.end() - len(title))
    marker = _MARKER.match(line)
    if marker:
        return BLOCK * marker.end() + line[marker.end() :]
    return line
