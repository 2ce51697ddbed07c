"""One line of plain text that says what changed.

    deployed 4f2a1c to staging        deploying 4f2a1c            failed to deploy 4f2a1c
    rolled back to v1.2               flag new-checkout on        config: raised pool to 40

Whatever reads as none of these is a note. More lines may follow; all of the text is the description.
"""

import re
from datetime import datetime

from changes.events import ChangeEvent, ChangeKind, ChangeState, Note
from notifications.payloads import MalformedPayload

LONGEST_LINE = 1000

# A revision has a digit in it, or is the last word before "to <environment>" or the end.
_REVISION = r"(?: (?P<revision>(?!(?:to|in|on)\b)(?:(?=\S*\d)\S+|\S+(?=$| (?:to|in|on) ))))?"
_ENVIRONMENT = r"(?: (?:to|in|on) (?P<environment>[\w.-]+))?"
_SENTENCES: list[tuple[ChangeState, re.Pattern[str]]] = [
    ("succeeded", re.compile(rf"(?:deployed|released|shipped)\b{_REVISION}{_ENVIRONMENT}", re.I)),
    ("started", re.compile(rf"(?:deploying|releasing|shipping)\b{_REVISION}{_ENVIRONMENT}", re.I)),
    ("failed", re.compile(rf"(?:failed to deploy|deploy failed)\b{_REVISION}{_ENVIRONMENT}", re.I)),
    (
        "rolled_back",
        re.compile(
            r"(?:rolled back|rollback)\b(?: (?!(?:to|in|on)\b)(?P<gone>\S+))?(?: to (?P<revision>\S+))?" + _ENVIRONMENT,
            re.I,
        ),
    ),
]
_LABELLED = re.compile(r"(?P<label>deploy|config|flag|infrastructure|infra|data|note): ?(?P<text>.*)", re.I)
_FLAG = re.compile(r"flag (?P<flag>\S+) (?:to )?(?P<value>on|off|\d{1,3} ?%)$", re.I)
_KINDS: dict[str, ChangeKind] = {
    "deploy": "deploy",
    "config": "config",
    "flag": "flag",
    "infrastructure": "infrastructure",
    "infra": "infrastructure",
    "data": "data",
}


def parse_line(text: str, external_id: str, at: datetime) -> ChangeEvent | Note:
    """What `text` says happened `at`. Raises `MalformedPayload` where it says nothing."""
    whole = text.strip()
    if not whole:
        raise MalformedPayload("text", text, "a line such as: deployed 4f2a1c")
    line = " ".join(whole.split("\n", 1)[0][:LONGEST_LINE].split())
    return (
        _flag(line, whole, external_id, at)
        or _sentence(line, whole, external_id, at)
        or _labelled(line, whole, external_id, at)
    )


def _sentence(line: str, whole: str, external_id: str, at: datetime) -> ChangeEvent | None:
    for state, pattern in _SENTENCES:
        match = pattern.match(line)
        if match:
            return ChangeEvent(
                external_id=external_id,
                state=state,
                occurred_at=at,
                nameless=True,
                revision=(match["revision"] or match.groupdict().get("gone") or "").rstrip(",.;:"),
                environment=(match["environment"] or "").rstrip("."),
                description=whole,
            )
    return None


def _flag(line: str, whole: str, external_id: str, at: datetime) -> ChangeEvent | None:
    match = _FLAG.match(line)
    if match is None:
        return None
    return ChangeEvent(
        external_id=external_id,
        state="succeeded",
        occurred_at=at,
        kind="flag",
        description=whole,
        data={"flag": match["flag"], "value": match["value"].lower().replace(" ", "")},
    )


def _labelled(line: str, whole: str, external_id: str, at: datetime) -> ChangeEvent | Note:
    match = _LABELLED.match(line)
    kind = _KINDS.get(match["label"].lower()) if match else None
    said = whole.split(":", 1)[1].strip() if match else whole
    if not said:
        raise MalformedPayload("text", whole, "a few words after the colon")
    if kind is None:
        return Note(external_id=external_id, text=said, occurred_at=at)
    return ChangeEvent(external_id=external_id, state="succeeded", occurred_at=at, kind=kind, description=said)
