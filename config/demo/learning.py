"""How the sample organisation learns: a near miss, a meeting to come, what is read together, time set aside."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from config.demo.organisation import email
from config.demo.stage import at
from incidents.models import Incident
from oncall.models import Person, Service, Team
from postmortems import services
from postmortems.models import Postmortem, Section
from postmortems.services.improvement import set_improvement_time

DAY = timedelta(days=1)
NEAR_MISS = {
    "what_happened": "The nightly import read a file whose price column had moved. It would have written zero to 48,000"
    " products. The run was stopped eleven minutes before it reached the shop.",
    "what_stopped_it": "The dry run sends its count of changed prices to the channel. The count was the size of the"
    " whole catalogue, which looked odd to somebody who happened to be reading along.",
    "luck": "- It was a Tuesday: on Sundays nobody reads that channel.\n- The import was late that night.",
}
TOLD = (
    "The panel that everybody opened first shows the queue as an average of all workers. One worker was stuck, and the"
    " average looked ordinary. What made me look further was that the retries came at an even pace."
)
PLANNED: dict[str, list[tuple[int, int | None]]] = {  # hours planned and spent: this week, the week before, …
    "storefront": [(12, None), (12, 8), (12, 12), (8, 4)],
    "payments": [(16, None), (16, 15), (8, 10)],
    "platform": [(20, None), (20, 18), (20, 6), (20, 19)],
}


def arrange(today: datetime) -> None:
    """What happened in the last days, and what is planned for the next."""
    with at(today - 6 * DAY):
        _near_miss()
    with at(today - 2 * DAY):
        _read()
        _remark()
        _replay()
    _set_time_aside(today)
    with at(today - timedelta(hours=3)):
        _prepare_a_meeting(today)
        _plan_reading(today)


def _near_miss() -> None:
    chidi = _person("chidi")
    near = services.open_postmortem(
        title="The price import nearly went out with every price at zero",
        template="near-miss",
        services=[Service.objects.get(slug="catalogue")],
        by=chidi,
    )
    for key, body in NEAR_MISS.items():
        services.save_section(postmortem=near, key=key, body=body, version=0, by=chidi)
    services.add_factor(postmortem=near, factor="data", note="The supplier's file has no agreed layout.", by=chidi)
    services.create_action(
        title="Stop the import when more than 5% of all prices change",
        postmortem=near,
        kind="prevent",
        owner=_person("ana"),
        team=Team.objects.get(slug="storefront"),
        by=chidi,
    )


def _read() -> None:
    """Some have read some of it, and want to hear of more."""
    published = list(Postmortem.objects.published().order_by("number"))
    for index, postmortem in enumerate(published):
        for person in Person.objects.order_by("email")[index : 3 * index + 5]:
            services.note_reading(postmortem=postmortem, by=person)
    services.subscribe(by=_person("sam"))
    services.subscribe(by=_person("gita"), cadence="each", service=Service.objects.get(slug="checkout"))
    services.choose_of_the_month(
        postmortem=published[0],
        why="Retries that make it worse: half of our services have the same three lines.",
        by=_person("hugo"),
    )


def _remark() -> None:
    """A question beside the words it is about, and its answer."""
    section = Section.objects.filter(postmortem__status="published", key="summary").earliest("postmortem__number")
    quote = "when the gateway's batch run makes it slower"
    asked = services.comment(
        section=section,
        quote=quote,
        body="Does the batch run still begin at two? We plan one of ours then.",
        by=_person("jun"),
    )
    services.reply(thread=asked, body="Yes, until March. It takes about forty minutes.", by=_person("divya"))


def _replay() -> None:
    """An exercise that is under way: the first steps of an incident, and what players say to them."""
    incident = Incident.objects.filter(status="resolved", private=False, practice=False).earliest("number")
    host, player = _person("hugo"), _person("kemal")
    exercise = services.start_exercise(incident=incident, by=host)
    for seen in (1, 2):
        exercise = services.show_next(exercise=exercise, seen=seen, by=host)
    services.say_in_exercise(
        exercise=exercise, text="I would ask what was deployed in the last hour before I touch anything.", by=player
    )


def _set_time_aside(today: datetime) -> None:
    """Some weeks planned and reported, one to come."""
    monday = today.date() - timedelta(days=today.weekday())
    for slug, hours in PLANNED.items():
        team = Team.objects.get(slug=slug)
        for ago, (planned, spent) in enumerate(hours):
            week = monday - ago * timedelta(weeks=1)
            set_improvement_time(
                team=team,
                week=week,
                planned_hours=Decimal(planned),
                spent_hours=None if spent is None else Decimal(spent),
                by=None,
            )


def _prepare_a_meeting(today: datetime) -> None:
    """The newest draft is about to be talked about."""
    draft = Postmortem.objects.filter(status="draft").exclude(incidents=None).order_by("-number").first()
    if draft is None or draft.facilitator is None:
        return
    for participant in draft.incidents.get().participant_set.select_related("person"):
        if participant.person != draft.facilitator:
            services.invite(postmortem=draft, person=participant.person, by=draft.facilitator)
    services.set_meeting(postmortem=draft, at=_at(today + 2 * DAY, 14), place="Room Amber", by=draft.facilitator)
    services.write_interview(postmortem=draft, body=TOLD, person=_person("emil"), by=draft.facilitator)


def _plan_reading(today: datetime) -> None:
    host = _person("ines")
    postmortem = Postmortem.objects.published().order_by("number")[0]
    session = services.plan_session(postmortem=postmortem, at=_at(today + 3 * DAY, 12), place="Canteen", by=host)
    for name in ("bo", "divya", "jun"):
        services.come_along(session=session, by=_person(name))


def _at(day: datetime, hour: int) -> datetime:
    return timezone.localtime(day).replace(hour=hour, minute=0, second=0, microsecond=0)


def _person(name: str) -> Person:
    return Person.objects.get(email=email(name))
