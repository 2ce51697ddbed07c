"""Schedules as most teams have them (a turn a week or a day, on a Dev and an Ops seat), and as JSON for the rest."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms

from notifications.forms import Moment
from oncall.definition import Definition, InvalidDefinition, parse_definition, to_json
from oncall.forms.simple import SEATS, SimpleSeat, as_simple, definition_of, read_turns
from oncall.models import Layer, Person, Schedule

NO_SEAT = "none"
MOST_NAMED = 4
ROTATIONS = [("weekly", "A turn a week"), ("daily", "A turn a day"), (NO_SEAT, "No such seat")]
DAYS = list(enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]))
TURNS = (
    "One turn a line, in order: an e-mail address or a full name. Who shares a turn stands on one line, with commas."
)


class NamedForm(forms.Form):
    """What every schedule has."""

    name = forms.CharField(max_length=100, help_text="As people call it.")
    slug = forms.SlugField(max_length=60, label="Short name", help_text="For addresses, as in /schedules/shop/.")

    definition: Definition

    def __init__(self, *args: Any, current: Definition | None = None, **options: Any) -> None:
        self.current = current
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.definition = self.read(cleaned)
            except InvalidDefinition as error:
                for path, sentences in error.errors.items():
                    for sentence in sentences:
                        self.complain(path, sentence)
        return cleaned

    def read(self, cleaned: dict[str, Any]) -> Definition:
        raise NotImplementedError

    def complain(self, path: str, sentence: str) -> None:
        raise NotImplementedError


class ScheduleForm(NamedForm):
    """The common case. A zone, and for each side how long a turn is, when it passes on, and who takes turns."""

    BLANK: ClassVar[dict[str, Any]] = {f"{side}_time": "09:00" for side in SEATS}
    timezone = forms.CharField(label="Time zone", help_text="Such as Europe/London.")
    dev_rotation = forms.ChoiceField(label="Turns", choices=ROTATIONS)
    dev_day = forms.TypedChoiceField(label="Handoff on", choices=DAYS, coerce=int)
    dev_time = forms.TimeField(label="at", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    dev_people = forms.CharField(label="People", widget=forms.Textarea({"rows": 4}), help_text=TURNS, required=False)
    ops_rotation = forms.ChoiceField(label="Turns", choices=ROTATIONS)
    ops_day = forms.TypedChoiceField(label="Handoff on", choices=DAYS, coerce=int)
    ops_time = forms.TimeField(label="at", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    ops_people = forms.CharField(label="People", widget=forms.Textarea({"rows": 4}), help_text=TURNS, required=False)

    def sides(self) -> list[tuple[str, dict[str, forms.BoundField]]]:
        """The fields of each seat, for the template."""
        parts = ("rotation", "day", "time", "people")
        return [(side, {part: self[f"{side}_{part}"] for part in parts}) for side in SEATS]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for side in SEATS:
            if not self._has(side):
                continue
            turns, unknown = read_turns(cleaned.get(f"{side}_people", ""))
            for name in unknown:
                self.add_error(
                    f"{side}_people", f"Nobody here is called “{name}”; write the e-mail address or the full name."
                )
            if not turns and not unknown:
                self.add_error(f"{side}_people", "Nobody takes turns; name at least one person.")
            cleaned[f"{side}_turns"] = turns
        if not any(self._has(side) for side in SEATS):
            self.add_error("dev_rotation", "There is no seat; choose turns for Dev, for Ops, or for both.")
        return super().clean()

    def read(self, cleaned: dict[str, Any]) -> Definition:
        seats = {
            side: SimpleSeat(
                cleaned[f"{side}_rotation"],
                cleaned[f"{side}_day"],
                cleaned[f"{side}_time"],
                cleaned[f"{side}_turns"],
            )
            for side in SEATS
            if self._has(side)
        }
        return definition_of(cleaned["timezone"], seats, self.current)

    def _has(self, side: str) -> bool:
        return self.cleaned_data.get(f"{side}_rotation", NO_SEAT) != NO_SEAT

    def complain(self, path: str, sentence: str) -> None:
        self.add_error("timezone" if path == "timezone" else None, sentence)

    @classmethod
    def initial_of(cls, definition: Definition) -> dict[str, Any] | None:
        """What the form shows for this definition; None for one that it cannot express."""
        if (seats := as_simple(definition)) is None:
            return None
        initial: dict[str, Any] = cls.BLANK | {"timezone": definition.zone.key}
        initial |= {f"{side}_rotation": NO_SEAT for side in SEATS if side not in seats}
        for side, seat in seats.items():
            initial |= {f"{side}_rotation": seat.rotation, f"{side}_day": seat.day, f"{side}_time": seat.time}
            initial[f"{side}_people"] = "\n".join(", ".join(group) for group in seat.turns)
        return initial


class JsonScheduleForm(NamedForm):
    """Any definition, as contracts.md writes it."""

    definition_json = forms.CharField(
        label="Definition",
        widget=forms.Textarea({"rows": 20, "class": "mono", "spellcheck": "false"}),
        help_text="JSON: timezone, seats with their layers, overrides. People stand there by e-mail address.",
    )

    def clean_definition_json(self) -> Any:
        text = self.cleaned_data["definition_json"]
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(f"This is not JSON: {error}.") from error

    def read(self, cleaned: dict[str, Any]) -> Definition:
        return parse_definition(cleaned["definition_json"])

    def complain(self, path: str, sentence: str) -> None:
        self.add_error("definition_json", f"{path}: {sentence}")

    @classmethod
    def initial_of(cls, definition: Definition) -> dict[str, Any]:
        return {"definition_json": json.dumps(to_json(definition), indent=2, ensure_ascii=False)}


class RotationChoice(forms.ModelChoiceField):
    """A layer, named by its seat and those who take turns."""

    def label_from_instance(self, layer: Layer) -> str:
        names = [str(participant.person) for participant in layer.participants.all()]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        return f"{layer.seat.name.capitalize()}: {', '.join(names[:MOST_NAMED])}{more}"


class RotationForm(forms.Form):
    """Somebody joins a rotation, or leaves it, from a handoff on."""

    act = forms.ChoiceField(
        label="What", choices=[("join", "Joins"), ("leave", "Leaves")], widget=forms.RadioSelect, initial="join"
    )
    layer = RotationChoice(Layer.objects.none(), label="Rotation", empty_label=None)
    person = forms.ModelChoiceField(Person.objects.active(), label="Who")
    beside = forms.ModelChoiceField(
        Person.objects.active(),
        required=False,
        label="Together with",
        empty_label="Nobody: a turn of their own, after everybody else's",
        help_text="For joining: whose turns they share.",
    )
    at = Moment(label="From", required=False, help_text="It counts from the first handoff then or later. Empty: now.")

    def __init__(self, schedule: Schedule, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        standing = Layer.objects.filter(seat__schedule=schedule, seat__retired_at=None, participants__isnull=False)
        standing = standing.distinct().order_by("seat__position", "position", "id")
        self.fields["layer"].queryset = standing.select_related("seat__schedule").prefetch_related(  # type: ignore[attr-defined]
            "participants__person"
        )
