"""Figures over what is stored: only what the asker may see, never practice, for the period and the part asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from incidents.models import Verdict
from notifications.errors import InvalidInput
from postmortems import services, trends
from tests.factories import ChangeFactory, IncidentFactory, PersonFactory, ServiceFactory, TeamFactory
from tests.postmortems.cases import published, resolved

pytestmark = pytest.mark.django_db


def figure(name, user=None, **asked):
    return trends.figure(name, user=user or PersonFactory(), filters=trends.parse(**asked))


def test_coverage_counts_what_requires_one_and_leaves_practice_out():
    published(resolved(severity="sev1"))
    services.open_postmortem(incidents=[resolved()])
    services.exempt(incident=resolved(), reason="The same again", by=None)
    resolved(practice=True)
    resolved(severity="sev3")
    resolved(ago=timedelta(days=200))
    found = figure("coverage")
    assert found.n == 2
    assert found.value == {"share": 0.5, "published": 1, "waiting": 1, "exempt": 1}


def test_an_incident_with_two_post_mortems_counts_once():
    incident = resolved()
    published(incident)
    services.open_postmortem(incidents=[incident], another=True)
    assert figure("coverage").n == 1
    assert figure("time-to-postmortem").n == 1


def test_time_to_restore_is_from_the_start_of_harm_and_shows_what_goes_on():
    for hours in (1, 1, 2, 3, 400):
        resolved(after=timedelta(hours=hours), severity="sev4")
    IncidentFactory()
    IncidentFactory(practice=True)
    IncidentFactory(status="cancelled")
    found = figure("time-to-restore")
    assert found.n == 5
    assert found.value["median"] == 2 * 3600
    assert found.value["still_open"] == 1


def judged(incident, rank, verdict="confirmed"):
    Verdict.objects.create(incident=incident, change=ChangeFactory(), verdict=verdict, rank=rank)
    return incident


def test_recall_takes_the_best_placed_of_the_changes_that_had_a_part():
    judged(judged(judged(resolved(), 5), 2), 1, "rejected")
    judged(resolved(), 1)
    judged(resolved(), 0)
    judged(resolved(), 1, "rejected")
    judged(resolved(practice=True), 1)
    judged(resolved(ago=timedelta(days=200)), 1)
    found = figure("suspects-recall")
    assert (found.n, [row["rank"] for row in found.rows]) == (3, [None, 1, 2])
    assert [row["confirmed"] for row in found.rows] == [1, 1, 2]
    assert found.value == {
        "share": pytest.approx(2 / 3), "found": 2, "share_at_1": pytest.approx(1 / 3), "first": 1, "not_suspected": 1,
    }  # fmt: skip


def test_recall_counts_a_private_incident_for_those_who_take_part_in_it_and_by_service():
    service, person = ServiceFactory(), PersonFactory()
    incident = judged(resolved(private=True, services=[service]), 3)
    assert figure("suspects-recall", user=person).n == 0
    incident.participant_set.create(person=person, how="added")
    assert figure("suspects-recall", user=person, service=service.slug).value["found"] == 1
    assert figure("suspects-recall", user=person, service=ServiceFactory().slug).n == 0


def test_factor_share_counts_post_mortems_of_real_incidents_and_of_near_misses():
    published(resolved(), factors=("data", "capacity-load"))
    published(factors=("data",), title="A near miss")
    published(resolved(practice=True), factors=("security",))
    services.open_postmortem(incidents=[resolved()])
    found = figure("factor-share")
    assert found.n == 2
    assert [(one["factor"], one["count"], one["share"]) for one in found.series] == [
        ("data", 2, 1.0),
        ("capacity-load", 1, 0.5),
    ]


def test_overdue_actions_are_counted_by_owning_team():
    team = TeamFactory(name="Payments")
    today = timezone.localdate()
    for late in (2, 10, 12):
        services.create_action(title="x", by=None, team=team, due_on=today - timedelta(days=late))
    services.create_action(title="x", by=None, due_on=today)
    practice = services.open_postmortem(incidents=[IncidentFactory(practice=True)])
    services.create_action(title="x", by=None, postmortem=practice, due_on=today - timedelta(days=9))
    found = figure("overdue-actions")
    assert found.series == [{"team": "Payments", "count": 3, "median_days": 10, "greatest_days": 12}]
    assert figure("overdue-actions", team=team.slug).n == 3
    assert figure("overdue-actions", team=TeamFactory().slug).n == 0


def test_actions_on_time():
    today = timezone.localdate()
    kept = services.create_action(title="x", by=None, due_on=today - timedelta(days=0))
    services.transition_action(action=kept, to="done", by=None)
    services.create_action(title="x", by=None, due_on=today - timedelta(days=3))
    until = (timezone.now() + timedelta(days=2)).isoformat()
    assert figure("actions-on-time", until=until).value == {
        "share": 0.5,
        "on_time": 1,
        "late": 0,
        "open": 1,
        "wont_do": 0,
    }


def test_problems_and_articles_of_a_service():
    service, other = ServiceFactory(), ServiceFactory()
    problem = services.open_problem(
        title="x", by=None, services=[service, other], incidents=[IncidentFactory(), IncidentFactory(practice=True)]
    )
    services.open_problem(title="y", by=None, services=[other])
    services.mark_known_error(problem=problem, by=None, cause_notes="x")
    article = services.write_article(title="x", issue="x", by=None, services=[service])
    services.record_use(article=article, incident=IncidentFactory(), by=None)
    services.record_use(article=article, incident=IncidentFactory(practice=True), by=None)
    until = (timezone.now() + timedelta(minutes=1)).isoformat()
    problems, knowledge = (figure(name, service=service.slug, until=until) for name in ("problems", "knowledge"))
    assert problems.value["open"] == problems.value["known_errors"] == 1
    assert [row["incidents"] for row in problems.rows] == [1]
    assert knowledge.value["articles"] == knowledge.value["uses"] == 1


def test_a_service_or_a_team_narrows_the_incidents_once_each():
    team = TeamFactory()
    mine = [ServiceFactory(dev_team=team), ServiceFactory(ops_team=team)]
    resolved(services=mine)
    resolved(services=[ServiceFactory()])
    assert figure("coverage").n == 2
    assert figure("coverage", team=team.slug).n == 1
    assert figure("coverage", service=mine[0].slug, team=team.slug).n == 1
    assert figure("coverage", service=ServiceFactory().slug, team=team.slug).n == 0
    published(resolved(services=mine))
    assert figure("factor-share", team=team.slug).n == 1


def test_a_period_is_words_in_utc_and_holds_its_beginning_but_not_its_end():
    period = trends.parse(since="2026-01-01", until="2026-02-01T00:00:00+02:00").period
    assert period.since == datetime(2026, 1, 1, tzinfo=UTC)
    assert period.until == datetime(2026, 1, 31, 22, tzinfo=UTC)
    assert period.since in period and period.until not in period


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("since", {"since": "soon"}),
        ("until", {"until": "2026-13-01"}),
        ("since", {"since": "2026-02-01", "until": "2026-01-01"}),
        ("until", {"until": "0001-01-02"}),
        ("service", {"service": "nul\x00"}),
        ("service", {"service": "nowhere"}),
        ("team", {"team": "nobody"}),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_field(field, asked):
    with pytest.raises(InvalidInput) as refusal:
        trends.parse(**asked)
    assert list(refusal.value.errors) == [field]


def test_an_unknown_figure_is_refused_with_the_known_ones():
    with pytest.raises(InvalidInput, match="factor-share"):
        figure("mean-time-to-anything")


@pytest.mark.parametrize("name", list(trends.FIGURES))
def test_a_figure_takes_as_many_queries_for_many_rows_as_for_few(name, django_assert_max_num_queries):
    user, asked = PersonFactory(), trends.parse(until=(timezone.now() + timedelta(days=1)).isoformat())
    for _ in range(6):
        published(resolved(), factors=("data", "security"))
        services.create_action(title="x", by=None, due_on=timezone.localdate() - timedelta(days=1))
        services.open_problem(title="x", by=None)
        services.write_article(title="x", issue="x", by=None)
    with django_assert_max_num_queries(3):
        assert trends.figure(name, user=user, filters=asked).name == name
