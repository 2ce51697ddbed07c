"""Time set aside for improvement: planned and reported by a team for a week, summed up, never of a person."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications.charts import pairs
from notifications.errors import Forbidden, InvalidInput
from postmortems import trends
from postmortems.improvement import Week, monday_of, summary
from postmortems.models import ImprovementTime
from postmortems.services.improvement import set_improvement_time
from tests.factories import AdministratorFactory, MembershipFactory, PersonFactory, ServiceFactory, TeamFactory

MONDAY = date(2026, 6, 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_monday_of_a_day_is_the_last_monday(day):
    assert monday_of(day).weekday() == 0 and 0 <= (day - monday_of(day)).days < 7


def test_a_quarter_is_summed_up_with_the_weeks_nobody_spoke_of_in_place():
    weeks = [
        Week(MONDAY - timedelta(weeks=13), Decimal(8), Decimal(6)),
        Week(MONDAY - timedelta(weeks=1), Decimal(4), None),
        Week(MONDAY - timedelta(weeks=14), Decimal(99), Decimal(99)),
        Week(MONDAY, Decimal(99), None),
    ]
    found = summary(weeks, MONDAY + timedelta(days=3))
    assert (len(found.weeks), found.planned, found.spent, found.reported) == (13, 12, 6, 1)
    assert found.weeks[1] == Week(MONDAY - timedelta(weeks=12))


def test_the_picture_shows_what_was_planned_behind_what_was_spent_and_says_it():
    drawn = pairs([(8.0, 6.0), (None, None), (4.0, None)], label="Payments: 6 of 12 hours")
    assert drawn.count("chart__track") == 2 and drawn.count("chart__bar") == 1
    assert 'aria-label="Payments: 6 of 12 hours"' in drawn
    assert "<rect" not in pairs([], label="nothing")


@pytest.mark.django_db
class TestTelling:
    def week(self, weeks=0):
        return monday_of(timezone.localdate()) + timedelta(weeks=weeks)

    def test_what_is_left_out_stays(self):
        team = TeamFactory()
        set_improvement_time(team=team, week=self.week(-1), planned_hours=Decimal(8), by=None)
        told = set_improvement_time(team=team, week=self.week(-1), spent_hours=Decimal("6.5"), note=" Tests. ", by=None)
        assert (told.planned_hours, told.spent_hours, told.note) == (8, Decimal("6.5"), "Tests.")
        assert ImprovementTime.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "fields"),
        [
            ("week", {"week": date(2026, 6, 3)}),
            ("week", {"week": date(1628, 8, 7)}),
            ("planned_hours", {"planned_hours": Decimal(-1)}),
            ("planned_hours", {"planned_hours": Decimal(10_000)}),
            ("spent_hours", {"spent_hours": Decimal(-1)}),
            ("note", {"note": "x" * 301}),
        ],
    )
    def test_what_cannot_be_is_refused_by_field(self, field, fields):
        with pytest.raises(InvalidInput) as refusal:
            set_improvement_time(**{"team": TeamFactory(), "week": self.week(-1), "by": None} | fields)
        assert list(refusal.value.errors) == [field]
        assert not ImprovementTime.objects.exists()

    def test_a_week_is_not_reported_before_it_begins(self):
        with pytest.raises(InvalidInput):
            set_improvement_time(team=TeamFactory(), week=self.week(1), spent_hours=Decimal(1), by=None)

    def test_members_the_lead_and_administrators_speak_for_a_team(self):
        lead, member = PersonFactory(), PersonFactory()
        team = TeamFactory(lead=lead)
        MembershipFactory(team=team, person=member)
        for person in (lead, member, AdministratorFactory()):
            set_improvement_time(team=team, week=self.week(), planned_hours=Decimal(2), by=person)
        viewer = PersonFactory(role="viewer")
        MembershipFactory(team=team, person=viewer)
        for person in (PersonFactory(), viewer):
            with pytest.raises(Forbidden):
                set_improvement_time(team=team, week=self.week(), planned_hours=Decimal(2), by=person)

    def test_the_api_tells_and_is_told(self, api):
        team = TeamFactory(slug="payments")
        program, here = api(AdministratorFactory()), "/api/v1/improvement-time/"
        told = program.post(here, {"team": "payments", "week": str(self.week(-1)), "planned_hours": 8})
        assert (told.status_code, told.json()["planned_hours"], told.json()["spent_hours"]) == (200, "8.0", None)
        program.post(here, {"team": "payments", "week": str(self.week(-1)), "spent_hours": 6})
        set_improvement_time(team=TeamFactory(), week=self.week(), planned_hours=Decimal(2), by=None)
        found = program.get(f"{here}?team=payments&until={self.week()}").json()["results"]
        assert [(row["team"], row["spent_hours"]) for row in found] == [("payments", "6.0")]
        assert program.post(here, {"team": "nobody", "week": "2026-06-03"}).status_code == 400
        assert api(PersonFactory()).post(here, {"team": team.slug, "week": str(self.week())}).status_code == 403

    def test_trends_sum_it_up_by_team_for_the_period_and_the_part_asked_for(self):
        ours, theirs = TeamFactory(name="Ours"), TeamFactory(name="Theirs")
        set_improvement_time(team=ours, week=self.week(-2), planned_hours=Decimal(8), spent_hours=Decimal(4), by=None)
        set_improvement_time(team=ours, week=self.week(-1), planned_hours=Decimal(8), by=None)
        set_improvement_time(team=theirs, week=self.week(-1), planned_hours=Decimal(5), by=None)
        set_improvement_time(team=ours, week=self.week(-40), planned_hours=Decimal(99), by=None)

        def figure(**asked):
            return trends.figure("improvement-time", user=PersonFactory(), filters=trends.parse(**asked))

        found = figure()
        assert (found.n, found.value["planned_hours"], found.value["spent_hours"]) == (3, 21, 4)
        assert found.value["share"] == 0.5 and found.value["reported"] == 1
        assert [row["team"] for row in found.series] == ["Ours", "Theirs"]
        service = ServiceFactory(dev_team=theirs, ops_team=theirs)
        assert [row["title"] for row in figure(service=service.slug).rows] == ["Theirs"]
        assert figure(team=ours.slug).n == 2
