"""What becomes of firing alerts that belong to no incident yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from incidents.alerts.declaring import QUIET, declare_for, dedup_key, wake_for
from incidents.alerts.homes import Home, Homes, names
from incidents.alerts.paging import page_for
from incidents.alerts.taken import Batch, Taken, of_batch
from incidents.models import Incident
from incidents.services import add_service
from oncall import maintenance
from oncall.models import Service
from telemetry import flaps, outcomes
from telemetry.holding import hold_back
from telemetry.models import Alert
from telemetry.severity import Decision


def find_places(taken: Taken, batches: Sequence[Batch]) -> None:
    """The open incident of the service comes first; for a service in maintenance nothing else is done before that is
    over; then what the service depends on; then rules, unless the alert flaps.
    """
    homes = Homes({alert.service_id for alert in taken.alerts.values() if alert.service_id})
    _join_own(taken, homes)
    _hold(taken)
    _join_dependencies(taken, homes)
    _hold_flapping(taken)
    for batch in batches:
        _follow_rules(taken, batch, homes)


def _join_own(taken: Taken, homes: Homes) -> None:
    for alert in taken.waiting:
        if home := homes.own(alert.service_id):
            text = outcomes.joined(home.incident.number, flapping=alert.pk in taken.flapping)
            taken.join(alert, home.incident, text)


def _hold(taken: Taken) -> None:
    waiting = taken.waiting
    free = {alert.pk for alert in hold_back(waiting)}
    held = [alert for alert in waiting if alert.pk not in free]
    windows = maintenance.by_service({alert.service_id for alert in held if alert.service_id}) if held else {}
    for alert in held:
        window = windows.get(alert.service_id or 0)
        taken.said[alert.pk] = outcomes.held(window.end if window else None)


def _join_dependencies(taken: Taken, homes: Homes) -> None:
    """What a rule asks something of joins the trouble that its service feels.

    If the rule asks for people, the service is affected too: those who answer for it are called to that incident, once,
    instead of to one of their own. An alert that no rule asks anything of is no sign that the service suffers.
    """
    found = [(alert, home) for alert in taken.waiting if (home := _above(alert, taken, homes))]
    called = names({home.service_id for _, home in found}) if found else {}
    affected: dict[tuple[int, int], tuple[Home, Service]] = {}
    for alert, home in found:
        text = outcomes.joined(
            home.incident.number,
            on=called[home.service_id],
            needed_by=str(alert.service),
            flapping=alert.pk in taken.flapping,
        )
        taken.join(alert, home.incident, text)
        if taken.decisions[alert.pk].asks_for_people and alert.service:
            affected[home.incident.pk, alert.service.pk] = home, alert.service
    for _, (home, service) in sorted(affected.items()):  # in one order, lest two batches wait for each other
        add_service(incident=home.incident, service=service, by=None)
        homes.open.setdefault(service.pk, home.incident)


def _above(alert: Alert, taken: Taken, homes: Homes) -> Home | None:
    decision = taken.decisions[alert.pk]
    return homes.above(alert.service_id) if decision.asks_for_people or decision.attaches else None


def _hold_flapping(taken: Taken) -> None:
    """One that flaps, and that somebody was called for lately, does not call anew until it has fired for a while."""
    asking = [one for one in taken.waiting if one.pk in taken.flapping and taken.decisions[one.pk].asks_for_people]
    told = flaps.told_of(asking)
    held = [one for one in asking if one.pk in told]
    flaps.hold(held)
    taken.said |= {alert.pk: outcomes.flapping(alert.starts_at) for alert in held}


def _follow_rules(taken: Taken, batch: Batch, homes: Homes) -> None:
    """Declare, page or do nothing; what the batches before declared takes in what comes after."""
    _join_own(taken, homes)
    _join_dependencies(taken, homes)
    waiting = {alert.pk: alert for alert in taken.waiting}
    rest = of_batch(batch, waiting)
    key = dedup_key(batch.integration, batch.group_key, rest)
    if made := declare_for(rest, taken.decisions, key):
        incident, new = made
        for alert in rest:
            decision = taken.decisions[alert.pk]
            declared = new and decision.declares
            taken.join(alert, incident, (outcomes.declared if declared else _joined)(incident.number, decision))
        homes.look({alert.service_id for alert in rest if alert.service_id})
        return
    pages = page_for(rest, taken.decisions, integration=batch.integration, group_key=batch.group_key)
    for alert in rest:
        decision, page = taken.decisions[alert.pk], pages.get(alert.pk)
        text = outcomes.paged(str(alert.service), page.pk, decision) if page else outcomes.nothing(decision)
        taken.said[alert.pk] = text


def _joined(number: int, _: Decision) -> str:
    return outcomes.joined(number)


def wake(taken: Taken, linked: Mapping[int, int]) -> None:
    """No alert that asks for people is left to an incident that called nobody: that is raised, or they are paged."""
    asked: dict[int, set[str]] = defaultdict(set)
    for pk, incident in linked.items():
        asked[incident].add(taken.decisions[pk].declares)
    wake_for(asked)
    asking = {pk: incident for pk, incident in taken.joined.items() if taken.decisions[pk].pages}
    quiet = Incident.objects.filter(pk__in={home.pk for home in asking.values()}, severity__in=QUIET)
    still = set(quiet.values_list("pk", flat=True)) if asking else set()
    for pk, home in asking.items():
        if home.pk in still:
            alert, decision = taken.alerts[pk], taken.decisions[pk]
            pages = page_for([alert], taken.decisions, integration=alert.integration_id, group_key=alert.group_key)
            taken.said[pk] = outcomes.joined_and_paged(home.number, str(alert.service), pages[pk].pk, decision)
