"""Opening a post-mortem: one for each incident, with its template's sections and a timeline to begin with."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import RoleAssignment
from incidents.services import judge
from notifications.errors import Conflict, Forbidden, InvalidInput
from postmortems import services
from postmortems.builtin import FACTORS, TEMPLATES, ensure_builtins
from postmortems.curation import ALERTS, Entry, picks
from postmortems.due_dates import add_working_days, postmortem_due
from postmortems.models import Factor, Postmortem, Template, TemplateSection
from tests.factories import (
    ChangeFactory,
    IncidentFactory,
    PersonFactory,
    ServiceFactory,
    TimelineEntryFactory,
)
from tests.postmortems.cases import resolved

NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)  # a Friday


@pytest.mark.django_db
def test_the_sections_of_the_template_are_copied_with_their_questions():
    postmortem = services.open_postmortem(incidents=[IncidentFactory()])
    keys = [section.key for section in postmortem.sections.all()]
    assert keys[:3] == ["summary", "impact", "trigger"]
    assert len(keys) == 12
    assert all(section.questions and section.body == "" for section in postmortem.sections.all())
    TemplateSection.objects.all().delete()
    assert postmortem.sections.count() == 12


@pytest.mark.django_db
def test_an_incident_has_one_unless_another_is_asked_for():
    incident = IncidentFactory()
    first = services.open_postmortem(incidents=[incident])
    with pytest.raises(Conflict) as refusal:
        services.open_postmortem(incidents=[IncidentFactory(), incident])
    assert refusal.value.extra["postmortem"] == first.number
    assert str(first.number) in refusal.value.detail
    assert Postmortem.objects.count() == 1
    assert services.open_postmortem(incidents=[incident], another=True).number == first.number + 1


@pytest.mark.django_db
def test_a_near_miss_needs_no_incident_but_a_title():
    assert services.open_postmortem(template="near-miss", title="Backup was nearly lost").sections.count() == 5
    with pytest.raises(InvalidInput) as refusal:
        services.open_postmortem(template="near-miss")
    assert "title" in refusal.value.errors


@pytest.mark.django_db
def test_an_unknown_template_is_refused_with_the_known_ones():
    with pytest.raises(InvalidInput, match="service-reliability"):
        services.open_postmortem(incidents=[IncidentFactory()], template="nothing")


@pytest.mark.django_db
def test_viewers_open_nothing():
    with pytest.raises(Forbidden):
        services.open_postmortem(incidents=[IncidentFactory()], by=PersonFactory(role="viewer"))


@pytest.mark.django_db
def test_who_commanded_the_incident_does_not_facilitate():
    incident, commander = IncidentFactory(), PersonFactory()
    RoleAssignment.objects.create(incident=incident, role="commander", person=commander)
    with pytest.raises(InvalidInput, match="commanded incident"):
        services.open_postmortem(incidents=[incident], facilitator=commander)
    postmortem = services.open_postmortem(incidents=[incident], facilitator=PersonFactory())
    with pytest.raises(InvalidInput):
        services.set_facilitator(postmortem=postmortem, person=commander, by=None)
    assert services.set_facilitator(postmortem=postmortem, person=None, by=None).facilitator is None


@pytest.mark.django_db
def test_the_timeline_begins_with_what_turned_things_and_the_changes_people_confirmed():
    service = ServiceFactory()
    incident = resolved(services=[service])
    guilty, innocent = ChangeFactory(service=service), ChangeFactory(service=service)
    judge(incident=incident, change=guilty, verdict="confirmed", by=None)
    kinds = ("declared", "status", "note", "message", "update")
    wanted = {kind: TimelineEntryFactory(incident=incident, kind=kind, at=incident.started_at) for kind in kinds}
    told = {
        change.pk: TimelineEntryFactory(
            incident=incident, kind="change", at=incident.started_at - timedelta(minutes=1), data={"change": change.pk}
        )
        for change in (guilty, innocent)
    }
    postmortem = services.open_postmortem(incidents=[incident])
    picked = {curated.entry for curated in postmortem.curated.all()}
    assert picked == {wanted["declared"], wanted["status"], wanted["update"], told[guilty.pk]}
    assert postmortem.curated.get(entry=told[guilty.pk]).phase == "background"


@pytest.mark.django_db
def test_opening_takes_an_exemption_back_and_exempting_needs_a_reason():
    incident = resolved()
    with pytest.raises(InvalidInput):
        services.exempt(incident=incident, reason=" ", by=None)
    services.exempt(incident=incident, reason="The same as #1", by=None)
    services.open_postmortem(incidents=[incident])
    incident.refresh_from_db()
    assert not hasattr(incident, "exemption")
    with pytest.raises(Conflict):
        services.exempt(incident=incident, reason="too late", by=None)


@pytest.mark.django_db
def test_the_gravest_incident_gives_title_and_due_date():
    minor, critical = IncidentFactory(severity="sev3"), IncidentFactory(severity="sev1")
    postmortem = services.open_postmortem(incidents=[minor, critical])
    assert postmortem.title == critical.title
    assert postmortem.due_at - postmortem.opened_at == timedelta(days=3)


@pytest.mark.django_db
def test_built_in_templates_are_there_and_what_was_edited_stays():
    Template.objects.filter(slug="concise").update(name="Ours")
    Factor.objects.filter(key="data").delete()
    ensure_builtins()
    assert Template.objects.get(slug="concise").name == "Ours"
    assert Factor.objects.count() == len(FACTORS) == 14
    assert TemplateSection.objects.count() == sum(len(template.sections) for template in TEMPLATES)


def test_every_built_in_section_asks_two_to_four_questions_and_has_its_own_key():
    for template in TEMPLATES:
        keys = [section.key for section in template.sections]
        assert len(set(keys)) == len(keys)
        for section in template.sections:
            assert 2 <= len(section.questions) <= 4
            assert all(question.endswith("?") for question in section.questions)


def test_the_meeting_is_due_by_severity():
    assert postmortem_due("sev1", NOON) == NOON + timedelta(days=3)
    assert postmortem_due("sev2", NOON) == datetime(2026, 6, 12, 12, tzinfo=UTC)
    assert postmortem_due("sev3", NOON) == postmortem_due("sev4", NOON) == datetime(2026, 6, 19, 12, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_working_days_are_counted_one_by_one(start, days):
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    assert add_working_days(start, days) == day


@given(st.lists(st.sampled_from(["declared", "status", "alert", "change", "note", "update", "page"]), max_size=40))
def test_a_storm_of_alerts_and_unsuspected_changes_stay_out(kinds):
    entries = [Entry(number, kind, NOON, {"change": number}) for number, kind in enumerate(kinds)]
    chosen = picks(entries, suspects=[], detected_at=NOON)
    kept = [kinds[pick.id] for pick in chosen]
    assert [pick.id for pick in chosen] == sorted(pick.id for pick in chosen)
    assert kept.count("alert") == min(kinds.count("alert"), ALERTS)
    assert not {"note", "page", "change"} & set(kept)
    assert kept.count("declared") == kinds.count("declared")
