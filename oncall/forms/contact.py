"""How one is reached: a contact method, its code, the rules of an urgency, quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from notifications.models import ContactMethod
from oncall.models import ContactRule, Person
from oncall.services.contact.rules import LONGEST, MOST

KINDS = [
    (ContactMethod.Kind.EMAIL, "E-mail"),
    (ContactMethod.Kind.APPRISE, "SMS, telephone, push or chat"),
    (ContactMethod.Kind.SLACK, "Slack"),
    (ContactMethod.Kind.WEBHOOK, "Webhook"),
]
BLANK = 1  # lines to fill in, below the rules that stand


class ContactMethodForm(forms.Form):
    kind = forms.ChoiceField(choices=KINDS, label="By", initial="email")
    address = forms.CharField(
        max_length=500,
        help_text="An e-mail address, a Slack user id, or a URL. For SMS, telephone and push it is an Apprise URL: "
        "<code>ntfys://ntfy.sh/topic</code>, <code>twilio://SID:token@from/to</code> or <code>pover://user@token</code>.",
    )
    label = forms.CharField(max_length=60, required=False, label="Name", help_text="What you call it: my phone.")


class MethodChangeForm(forms.Form):
    """`address` shows what is masked; left as it is, it stays."""

    label = forms.CharField(max_length=60, required=False, label="Name", help_text="What you call it: my phone.")
    address = forms.CharField(max_length=500, help_text="Another address waits for a code that is sent there.")


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        help_text="The six digits that were sent there.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class QuietHoursForm(forms.Form):
    start = forms.TimeField(required=False, label="From", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    end = forms.TimeField(required=False, label="Until", widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


class RuleLine(forms.Form):
    """One line; without a method it says nothing."""

    method = forms.TypedChoiceField(required=False, label="By", coerce=int, empty_value=None)
    delay = forms.IntegerField(min_value=0, max_value=LONGEST, required=False, label="Minutes after the page")

    def __init__(self, *args: Any, methods: list[ContactMethod], **options: Any) -> None:
        super().__init__(*args, **options)
        known = [(method.pk, f"{method.label or method.get_kind_display()}: {method.known_as}") for method in methods]
        self.fields["method"].choices = [("", "—"), *known]  # type: ignore[attr-defined]


RuleLines = forms.formset_factory(RuleLine, extra=0, max_num=MOST, absolute_max=MOST + BLANK)


def standing_lines(person: Person, urgency: str) -> Any:
    """A person's rules for this urgency as they stand, and a line to fill in."""
    rules = ContactRule.objects.filter(person=person, urgency=urgency)
    minutes = [(rule.method_id, int(rule.delay.total_seconds() // 60)) for rule in rules]
    return _lines(person, initial=[{"method": method, "delay": delay} for method, delay in minutes] + [{}] * BLANK)


def posted_lines(person: Person, posted: Mapping[str, Any]) -> Any:
    """The lines as they were filled in, to be checked and saved."""
    return _lines(person, posted)


def changed_lines(person: Person, posted: Mapping[str, Any], act: str) -> Any:
    """The lines as they were filled in, with one more (`add`) or without the third (`remove:2`); nothing is checked."""
    count = _lines(person, posted).total_form_count()
    lines = [{name: posted.get(f"rule-{n}-{name}") for name in ("method", "delay")} for n in range(count)]
    verb, _, number = act.partition(":")
    changed = [*lines, {}] if verb == "add" else [line for n, line in enumerate(lines) if str(n) != number]
    return _lines(person, initial=changed)


def rules_of(lines: Any) -> list[dict[str, int]]:
    """What valid lines say, as `save_contact_rules` takes it."""
    filled = [line for line in lines.cleaned_data if line.get("method")]
    return [{"method": line["method"], "delay": line.get("delay") or 0} for line in filled]


def _lines(person: Person, posted: Mapping[str, Any] | None = None, initial: list[dict[str, Any]] | None = None) -> Any:
    methods = [method for method in person.contact_methods.all() if method.verified_at]
    return RuleLines(posted, initial=initial, prefix="rule", form_kwargs={"methods": methods})
