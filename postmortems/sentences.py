"""What a figure says, in one sentence that stands before its picture. Pure."""

from __future__ import annotations

from collections.abc import Callable

from notifications.durations import words
from postmortems.metrics import FEWEST, Figure

_FOUND_BY = {"alert": "by an alert", "employee": "by somebody here", "program": "by a program"}


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 action", "3 actions", "no action"."""
    return f"{number or 'no'} {noun if number < 2 else plural or noun + 's'}"


def sentence(figure: Figure, before: Figure | None = None) -> str:
    """`before`: the same figure of the period before, of the same length, where the sentence compares."""
    said = SENTENCES[figure.name](figure, before)
    return said[:1].upper() + said[1:]


def _coverage(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    exempt = f"; {counted(value['exempt'], 'incident')} exempted" if value["exempt"] else ""
    if not figure.n:
        return f"no incident that was resolved asks for a post-mortem{exempt}."
    then = (
        f" ({before.value['published']} of {before.n} in the period before)"
        if before and before.value and before.n
        else ""
    )
    return f"{value['published']} of {figure.n} required post-mortems are published{then}{exempt}."


def _time_to_postmortem(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    waits = f"{counted(value['waiting'], 'incident')} still {'waits' if value['waiting'] < 2 else 'wait'}"
    if value["hidden"]:
        return f"{_few(figure)} {waits[0].upper()}{waits[1:]}."
    return f"half of {figure.n} post-mortems were published within {words(value['median'])}; {waits}."


def _time_to_restore(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    going = f"; {counted(value['still_open'], 'incident')} still going on" if value["still_open"] else ""
    if value["hidden"]:
        return _few(figure) + going.replace(";", "")
    took = f"half of {figure.n} incidents were over within {words(value['median'])}"
    return f"{took}, nine in ten within {words(value['p90'])}{going}."


def _detection(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    found = ", ".join(f"{share:.0%} {_FOUND_BY.get(name, name)}" for name, share in value["found_by"].items())
    if value["hidden"]:
        return _few(figure)
    return f"half of {figure.n} incidents were noticed within {words(value['median'])}; {found}."


def _suspects_recall(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    if not figure.n:
        return "nobody has confirmed a change as having had a part in an incident of this period."
    missed = f"; in {value['not_suspected']} it was not suspected" if value["not_suspected"] else ""
    of = counted(figure.n, "incident with a confirmed change", "incidents with a confirmed change")
    found, first = value["found"] or "none", value["first"] or "none"
    return f"in {found} of {of} it stood among the first three suspects, in {first} first{missed}."


def _factor_share(figure: Figure, before: Figure | None) -> str:
    if not figure.series:
        return "no post-mortem was published in this period."
    top = figure.series[0]
    said = f"{top['name']} had a part in {top['count']} of {figure.n} post-mortems"
    if before is None or not before.n:
        return f"{said}."
    then = next((row["count"] for row in before.series if row["factor"] == top["factor"]), 0)
    more = top["count"] - then
    change = f"{abs(more)} {'more' if more > 0 else 'fewer'} than" if more else "as many as"
    return f"{said}, {change} in the period before ({then} of {before.n})."


def _actions_on_time(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    if not figure.n:
        return "no action was due in this period."
    rest = f"; {value['late']} late, {value['open']} still open" if value["late"] or value["open"] else ""
    given_up = f"; {value['wont_do']} will not be done" if value["wont_do"] else ""
    return f"{value['on_time']} of {counted(figure.n, 'action')} were done by their date{rest}{given_up}."


def _overdue_actions(figure: Figure, before: Figure | None) -> str:
    if not figure.series:
        return "no action is overdue."
    top = figure.series[0]
    team = top["team"] or "no team"
    where = f"{top['count']} of them of {team}" if len(figure.series) > 1 else f"all of {team}"
    oldest = max(row["greatest_days"] for row in figure.series)
    verb = "is" if figure.n == 1 else "are"
    return f"{counted(figure.n, 'action')} {verb} overdue, {where}; the oldest by {counted(oldest, 'day')}."


def _problems(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    if not figure.n:
        return "no problem is open."
    verb = "is" if figure.n == 1 else "are"
    known = counted(value["known_errors"], "known error")
    oldest = counted(value["greatest_age_days"], "day") if value["greatest_age_days"] else "less than a day"
    return f"{counted(figure.n, 'problem')} {verb} open, {known}; the oldest for {oldest}."


def _knowledge(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    if not figure.n:
        return "no article is written yet."
    stale = f"; {value['stale']} past their review" if value["stale"] else ""
    used = f"used {counted(value['uses'], 'time')}" if value["uses"] else "none used yet"
    verb = "is" if value["validated"] == 1 else "are"
    return f"{value['validated']} of {counted(figure.n, 'article')} {verb} validated; {used}{stale}."


def _learning(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    together = f"{counted(value['sessions'], 'session')} of the reading club, {counted(value['exercises'], 'exercise')}"
    if not figure.n:
        return f"no post-mortem was published; {together}."
    each = counted(round(value["median_readers"]), "reader")
    unread = f"; {value['unread']} by nobody yet" if value["unread"] else ""
    published = counted(figure.n, "post-mortem was", "post-mortems were")
    return f"{published} published, with {each} each (median){unread}; {together}."


def _improvement_time(figure: Figure, before: Figure | None) -> str:
    value = figure.value or {}
    if not figure.n:
        return "no team set time aside in this period."
    silent = value["weeks"] - value["reported"]
    unsaid = f"; of {counted(silent, 'week')} nobody has said yet" if silent else ""
    teams = counted(len(figure.series), "team")
    return f"{teams} spent {value['spent_hours']:g} of {value['planned_hours']:g} hours planned{unsaid}."


def _few(figure: Figure) -> str:
    return f"{counted(figure.n, 'case')} so far; durations are shown from {FEWEST} on."


SENTENCES: dict[str, Callable[[Figure, Figure | None], str]] = {
    "coverage": _coverage,
    "time-to-postmortem": _time_to_postmortem,
    "time-to-restore": _time_to_restore,
    "detection": _detection,
    "suspects-recall": _suspects_recall,
    "factor-share": _factor_share,
    "actions-on-time": _actions_on_time,
    "overdue-actions": _overdue_actions,
    "problems": _problems,
    "knowledge": _knowledge,
    "learning": _learning,
    "improvement-time": _improvement_time,
}
