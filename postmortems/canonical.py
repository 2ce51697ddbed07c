"""The sections that templates are made of: what each key is for, and what a template needs. Pure.

Trends, search and publishing read sections by key: the same key means the same thing in every template, whatever its
title. A key of one's own is allowed; nothing is counted across templates by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from postmortems.lifecycle import SUMMARY_KEYS

KEYS: dict[str, tuple[str, str]] = {
    "summary": ("Summary", "what happened, for somebody from another team; publishing asks for it"),
    "overview": ("Overview", "a summary by another name; publishing asks for it"),
    "narrative": ("Narrative", "the story as people lived it; stands for a summary"),
    "what_happened": ("What happened", "of a near miss; stands for a summary"),
    "impact": ("Impact", "who was affected, how, how many and for how long"),
    "trigger": ("Trigger", "what set it off"),
    "timeline": ("Timeline", "the curated timeline is drawn here"),
    "factors": ("Contributing factors", "the factors of the taxonomy are listed here"),
    "mitigators": ("What limited the harm", "what kept it from being worse is listed here"),
    "detection": ("Detection", "how it was noticed"),
    "response": ("Response", "who came, and how they worked together"),
    "resolution": ("Resolution", "what brought service back"),
    "recovery": ("Recovery", "the steps back to normal"),
    "communication": ("Communication", "who knew what, and when"),
    "went_well": ("What went well", "what to keep"),
    "went_badly": ("What went badly", "what was harder than it needed to be"),
    "luck": ("Where we got lucky", "what limited it by chance"),
    "what_stopped_it": ("What stopped it", "of a near miss: what caught it"),
    "surprise": ("Surprise", "what nobody expected"),
    "how_it_looked_then": ("How it looked then", "to those who were there"),
    "normal_work": ("Normal work", "how it goes on other days"),
    "options_seen": ("Options that were seen", "what was considered, and why"),
    "adaptations": ("Adaptations", "what people do that no procedure says"),
    "open_questions": ("Open questions", "what is not understood yet"),
    "takeaways": ("Takeaways", "what readers should carry away"),
    "messages": ("Messages", "what customers and the company are told"),
    "actions": ("Actions", "the action items are listed here"),
    "supporting": ("Supporting material", "graphs, logs, links"),
}
"""Key: (the usual title, what it is for)."""

MOST_SECTIONS, MOST_QUESTIONS = 40, 20
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_KEY = 100, 500, 40
_KEY = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Part:
    """One section of a template."""

    key: str
    title: str
    questions: tuple[str, ...] = ()


def complaints(parts: Sequence[Part]) -> list[str]:
    """Why no template can be made of these sections, in sentences; empty where one can."""
    if not parts:
        return ["A template needs at least one section: add one."]
    found = [complaint for number, part in enumerate(parts, 1) for complaint in _of_part(number, part)]
    keys = [part.key for part in parts]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    found += [f"Two sections have the key {key!r}: give one of them another." for key in twice]
    if len(parts) > MOST_SECTIONS:
        found.append(f"These are {len(parts)} sections: {MOST_SECTIONS} at most are taken.")
    if not set(keys) & set(SUMMARY_KEYS):
        found.append(f"Nothing here tells a reader what it is about: add a section {' or '.join(SUMMARY_KEYS)}.")
    return found


def _of_part(number: int, part: Part) -> list[str]:
    found = []
    if not _KEY.fullmatch(part.key) or len(part.key) > LONGEST_KEY:
        found.append(
            f"Section {number}: {part.key[:50]!r} is no key: use a to z, 0 to 9 and _, at most {LONGEST_KEY} of them."
        )
    if not part.title or len(part.title) > LONGEST_TITLE:
        found.append(f"Section {number}: give it a title of 1 to {LONGEST_TITLE} characters.")
    if len(part.questions) > MOST_QUESTIONS:
        found.append(
            f"Section {number}: {len(part.questions)} questions are too many to ask: {MOST_QUESTIONS} at most."
        )
    if any(len(question) > LONGEST_QUESTION for question in part.questions):
        found.append(f"Section {number}: a question is longer than {LONGEST_QUESTION} characters: ask it in fewer.")
    if any("\x00" in words for words in (part.title, *part.questions)):
        found.append(f"Section {number}: there is a NUL character in it, which cannot be kept: take it out.")
    return found
