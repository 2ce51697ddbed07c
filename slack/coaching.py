"""The language coach in Slack: a question to the writer alone, on words that will stand in the record. Never blocks."""

from __future__ import annotations

from postmortems import language

MOST = 3  # questions in one answer


def with_advice(said: str, text: str, kind: language.Kind = "prose") -> str:
    """What was done, and below it what the coach asks about the `text` that was written: each question once."""
    passages: dict[str, str] = {}
    for finding in language.check(text, kind):
        passages.setdefault(finding.ask, finding.text)
    lines = [f"About “{passage}”: {ask}" for ask, passage in passages.items()]
    return "\n".join([said, *lines[:MOST]])
