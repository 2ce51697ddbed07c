"""Lines that were pasted, not written: chat, logs, stack traces, shell sessions."""

import re

_CLOCK = r"(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,9})?Z?(?:\s?[AaPp][Mm])?"
_NICK = r"(?!(?:UTC|GMT|[A-Z]{1,4}T)\b)@?[\w.\-]{1,30}"
_ELEMENT = r"(?:a|b|blockquote|br|code|details|div|em|i|kbd|li|p|pre|q|samp|span|strong|summary|td|tr|ul)"
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|PANIC)"

_LINE = re.compile(
    rf"""
      [\[(]?{_CLOCK}[\])]?\s{{0,3}}(?:[-–|]\s)?(?:<@?[\w.\-]{{1,30}}>|{_NICK}\s?:\s)     # [12:03] bo: …, 12:03 <bo> …
    | \[[a-z@][\w.\-]{{0,30}},?\s{_CLOCK}\]                                              # [bo 12:03] …
    | <@?(?!{_ELEMENT}>)[\w.\-]{{1,30}}>\s                                              # <bo> …
    | (?:[\[(]?\S{{0,40}}\d\S{{0,40}}\s+|\[\S{{1,40}}\]\s+){{0,4}}[\[(<]?{_LEVEL}[\])>]?[:\s|]  # 2024-… ERROR …
    | .{{0,80}}\blevel=\w                                                                # ts=… level=error …
    | [A-Z][a-z]{{2}}\s{{1,2}}\d{{1,2}}\s\d\d:\d\d:\d\d\s\S{{1,60}}\s\S{{1,60}}:         # syslog
    | [IWEF]\d{{4}}\s\d\d:\d\d:\d\d                                                      # klog
    | \{{"                                                                               # a JSON line
    | [$%]\s                                                                             # a shell prompt
    | Traceback\s\(most | File\s".{{1,200}}",\sline\s\d | at\s[\w.$]{{1,100}}\(          # stack traces
    """,
    re.X,
)
_SLACK_HEADER = re.compile(
    r"[\w.\-]{1,30}(?: [\w.\-]{1,30}){0,2}(?:  +| ?\t)\[?\d{1,2}:\d\d(?: ?[AP]M)?\]?$|"
    r"[\w.\-]{1,30}(?: [\w.\-]{1,30}){0,2} +\[?\d{1,2}:\d\d ?[AP]M\]?$"
)


def is_transcript(line: str) -> bool:
    """Whether this line, without its list marker, was copied from a chat, a log or a terminal."""
    return _LINE.match(line) is not None


def is_chat_header(line: str) -> bool:
    """Whether a message follows: `Bo Larsen  12:03 PM` alone on its line, as Slack copies it."""
    return _SLACK_HEADER.match(line.rstrip()) is not None
