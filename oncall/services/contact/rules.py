"""A person's rules for each urgency, and the hours in which low urgency waits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from typing import Any

from django.db import transaction

from notifications.errors import InvalidInput
from notifications.models import ContactMethod
from oncall.models import ContactRule, Person
from oncall.models.reaching import Urgency
from oncall.permissions import require_self_or_administrator
from oncall.services.findings import Findings

LONGEST = 24 * 60  # minutes
MOST = 20


@transaction.atomic
def save_contact_rules(
    *, person: Person, urgency: str, rules: Iterable[Mapping[str, Any]], by: Person | None = None
) -> list[ContactRule]:
    """Replace a person's rules for pages of this urgency; none: their first method that works, at once.

    A rule is `{"method": id, "delay": whole minutes after the page}`, by a verified method of their own. Pages that
    were sent out already go by the rules of then. Raises InvalidInput.
    """
    require_self_or_administrator(person, by)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    findings = Findings()
    findings.choice("urgency", urgency, Urgency.values)
    methods = {method.pk: method for method in person.contact_methods.all()}
    wanted = [_read(findings, index, rule, methods) for index, rule in enumerate(rules)]
    if len(wanted) > MOST:
        findings.add("rules", f"These are {len(wanted)} rules; use {MOST} at most.")
    for index, pair in enumerate(wanted):
        if pair in wanted[:index]:
            findings.add(f"rules[{index}]", "The same method at the same moment stands above; leave one of them out.")
    findings.raise_if_any()
    ContactRule.objects.filter(person=person, urgency=urgency).delete()
    rows = [
        ContactRule(person=person, urgency=urgency, method=methods[pk], delay=timedelta(minutes=minutes))
        for pk, minutes in wanted
    ]
    ContactRule.objects.bulk_create(rows)
    return sorted(rows, key=lambda rule: (rule.delay, rule.pk))


@transaction.atomic
def set_quiet_hours(
    *, person: Person, start: time | str | None, end: time | str | None, by: Person | None = None
) -> Person:
    """From `start` to `end`, by the person's own clock, pages of low urgency wait; neither: never. Raises InvalidInput.

    Times to the minute, or as `22:00`. An end no later than the start is on the day after; equal times would be the
    whole day, in which a page would wait for ever, and are refused.
    """
    require_self_or_administrator(person, by)
    findings = Findings()
    first, last = (findings.read(name, _clock, value, None) for name, value in (("start", start), ("end", end)))
    findings.raise_if_any()
    if (first is None) != (last is None):
        missing = "end" if last is None else "start"
        raise InvalidInput({missing: ["Quiet hours need both a start and an end; fill this in, or leave both empty."]})
    if first is not None and first == last:
        raise InvalidInput(end="Quiet hours that end when they begin would never let a page through; choose another.")
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.quiet_from, person.quiet_to = first, last
    person.save(update_fields=["quiet_from", "quiet_to"])
    return person


def _read(
    findings: Findings, index: int, rule: Mapping[str, Any], methods: Mapping[int, ContactMethod]
) -> tuple[int, int]:
    field = f"rules[{index}]"
    pk, delay = rule.get("method"), rule.get("delay", 0)
    method = methods.get(pk) if isinstance(pk, int) else None
    if method is None:
        findings.add(f"{field}.method", f"“{pk}” is none of their contact methods; use {_ids(methods)}.")
    elif method.verified_at is None:
        findings.add(f"{field}.method", f"“{method.known_as}” is not verified yet; enter its code first.")
    if isinstance(delay, bool) or not isinstance(delay, int) or not 0 <= delay <= LONGEST:
        findings.add(f"{field}.delay", f"“{delay}” is no delay; use whole minutes, 0 to {LONGEST}.")
        delay = 0
    return (method.pk if method else 0), delay


def _ids(methods: Mapping[int, ContactMethod]) -> str:
    verified = [str(pk) for pk, method in methods.items() if method.verified_at]
    return " or ".join(verified) or "one after its code was entered"


def _clock(value: time | str | None) -> time | None:
    if value in (None, ""):
        return None
    try:
        found = value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"“{value}” is no time of day; write one such as 22:00.") from error
    if found.tzinfo:
        raise ValueError(f"“{value}” has an offset; quiet hours are by the person's own clock, such as 22:00.")
    return found.replace(second=0, microsecond=0)
