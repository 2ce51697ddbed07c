"""What administrators fill in about templates and factors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms

from postmortems.canonical import KEYS, Part
from postmortems.models import Template

OWN = "own"


class TemplateForm(forms.Form):
    """Name and description; the sections are rows, see `Row`."""

    name = forms.CharField(max_length=100)
    description = forms.CharField(
        max_length=500, required=False, widget=forms.TextInput, help_text="Shown where one chooses."
    )


class FactorForm(forms.Form):
    name = forms.CharField(max_length=60)
    description = forms.CharField(
        max_length=500, required=False, widget=forms.TextInput, help_text="What belongs to it."
    )


@dataclass
class Row:
    """One section as it is being edited: `own` is its key where it is none of the known ones."""

    chosen: str = ""
    own: str = ""
    title: str = ""
    questions: str = ""

    @classmethod
    def of(cls, key: str, title: str, questions: Iterable[str]) -> Row:
        known = key in KEYS
        return cls(key if known else OWN, "" if known else key, title, "\n".join(questions))

    @property
    def part(self) -> Part:
        key = self.own.strip().lower() if self.chosen == OWN else self.chosen
        title = self.title.strip() or KEYS.get(key, ("", ""))[0]
        return Part(key, title, tuple(line.strip() for line in self.questions.splitlines() if line.strip()))

    @property
    def is_empty(self) -> bool:
        return not (self.chosen or self.own.strip() or self.title.strip() or self.questions.strip())


def rows_of(template: Template) -> list[Row]:
    return [Row.of(part.key, part.title, part.questions) for part in template.sections.all()]


def rows_sent(post: Mapping[str, str], most: int = 60) -> list[Row]:
    """The rows of a submitted form, in their order."""
    count = int(post["rows"]) if post.get("rows", "").isdecimal() and len(post["rows"]) < 4 else 0
    names = ("chosen", "own", "title", "questions")
    return [Row(*(post.get(f"{name}-{index}", "") for name in names)) for index in range(min(count, most))]


def changed(rows: list[Row], act: str) -> list[Row]:
    """The rows after a button beside them: `add`, `up:2`, `down:2`, `remove:2`. Nothing is saved by it."""
    what, _, which = act.partition(":")
    rows, index = list(rows), int(which) if which.isdecimal() and len(which) < 4 else -1
    if what == "add":
        rows.append(Row())
    if 0 <= index < len(rows):
        if what == "remove":
            del rows[index]
        to = index - 1 if what == "up" else index + 1
        if what in ("up", "down") and 0 <= to < len(rows):
            rows[index], rows[to] = rows[to], rows[index]
    return rows
