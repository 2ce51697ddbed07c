"""Importing a calendar: the file, then whom its names mean. What was uploaded is carried from step to step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from notifications.forms import Moment
from oncall.calendar_import import MOST_BYTES
from oncall.forms.seats import OfSeat
from oncall.models import Person, Schedule

CHOICES = [
    ("overrides", "As overrides: each shift as it stands in the calendar"),
    ("layer", "As layers: what repeats goes on repeating"),
]


class ImportForm(OfSeat):
    file = forms.FileField(
        required=False, label="Calendar", help_text="An iCalendar file (.ics) of 1 MB at most.",
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
    )  # fmt: skip
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    as_ = forms.ChoiceField(choices=CHOICES, label="How", widget=forms.RadioSelect, initial="overrides")
    until = Moment(required=False, help_text="What is after it is left out. Rules that never end need it as overrides.")

    def __init__(self, schedule: Schedule, data: QueryDict | None, files: Any, *args: Any, **options: Any) -> None:
        sent = data.copy() if data is not None else None
        self.unreadable = ""
        if sent is not None and (file := files.get("file")):
            sent["text"], self.unreadable = _read(file)
        super().__init__(schedule, sent, *args, **options)
        self._names = [str(value) for key, value in (sent or {}).items() if key.startswith("name_")]
        self.ask(self._names, asked=True)

    def ask(self, names: list[str], *, asked: bool = False) -> None:
        """Have a field for each of these names of the calendar: whom it means."""
        people = [("", "Nobody: leave these events out")]
        people += [(person.email, person.name) for person in Person.objects.active()] if names else []
        first = 0 if asked else len(self._names)
        for number, name in enumerate(names, first):
            self.fields[f"person_{number}"] = forms.ChoiceField(choices=people, required=False, label=f"“{name}” is")
            self.fields[f"name_{number}"] = forms.CharField(widget=forms.HiddenInput, initial=name)
        if not asked:
            self._names += names
            for number, name in enumerate(names, first):
                self.data[f"name_{number}"] = name  # type: ignore[index]

    def names(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith(("person_", "name_"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.unreadable:
            self.add_error("file", self.unreadable)
        elif not cleaned.get("text"):
            self.add_error("file", "Choose the file of a calendar.")
        return cleaned

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        cleaned = self.cleaned_data
        people = {cleaned[f"name_{number}"]: cleaned[f"person_{number}"] for number in range(len(self._names))}
        return {name: cleaned[name] for name in ("seat", "text", "as_", "until")} | {"people": people}


def _read(file: UploadedFile) -> tuple[str, str]:
    """The text of an upload, or why there is none."""
    if (file.size or 0) > MOST_BYTES:
        return "", f"The file has {(file.size or 0) / 1e6:.1f} MB; use 1 MB at most, such as fewer months."
    try:
        return file.read().decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "This file is not text in UTF-8; export the calendar as .ics."
