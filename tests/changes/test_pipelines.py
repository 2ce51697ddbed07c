"""Pipelines: what their runs come to, being red for too long, and their pages."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from changes import pipelines, red
from changes.events import PipelineRun as Report
from changes.models import Pipeline
from notifications.models import Delivery, Event
from tests.factories import (
    AdministratorFactory,
    ContactMethodFactory,
    MembershipFactory,
    PersonFactory,
    ServiceFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIST, API = "/changes/pipelines/", "/api/v1/pipelines/"


@pytest.fixture
def dev():
    """Somebody of the team that builds checkout, and how she is reached."""
    team = TeamFactory(name="Shop")
    ServiceFactory(slug="checkout", name="Checkout", repositories=["acme/checkout"], dev_team=team)
    return ContactMethodFactory(person=MembershipFactory(team=team).person)


@pytest.fixture
def run():
    """A run that ends so many minutes after noon, after two minutes."""

    def ended(minute, status="failed", branch="main", **told):
        report = {
            "pipeline": "deliver",
            "external_id": f"{branch}/{minute}",
            "repository": "acme/checkout",
            "status": status,
            "branch": branch,
            "queued_at": NOON + (minute - 3) * MINUTE,
            "started_at": NOON + (minute - 2) * MINUTE,
            "finished_at": NOON + minute * MINUTE,
        }
        report |= told
        with time_machine.travel(NOON + min(minute, 1_000) * MINUTE, tick=False):
            pipelines.record(run=Report(**report))
        return Pipeline.objects.get(name=report["pipeline"])

    return ended


def later(minutes, settle):
    """What happens until so many minutes after noon; the types of the events about redness."""
    with time_machine.travel(NOON + minutes * MINUTE, tick=False):
        red.tell_due()
        settle()
    told = Event.objects.filter(type__in=["pipeline.red", "pipeline.green"]).order_by("pk")
    return list(told.values_list("type", flat=True))


class TestBeingRed:
    def test_it_is_red_since_the_first_failure_after_the_last_success(self, run):
        run(0, "success")
        assert run(5).red_since == NOON + 5 * MINUTE
        assert run(9).red_since == NOON + 5 * MINUTE
        assert run(12, "success").red_since is None

    def test_reports_may_come_in_any_order(self, run):
        run(9)
        assert run(5).red_since == NOON + 5 * MINUTE
        assert run(7, "success").red_since == NOON + 9 * MINUTE

    def test_other_branches_cancelled_runs_and_other_pipelines_do_not_count(self, run):
        run(1, "success")
        run(2, branch="feature/x")
        run(3, "cancelled")
        run(4, pipeline="nightly", external_id="n")
        assert Pipeline.objects.get(name="deliver").red_since is None
        assert Pipeline.objects.get(name="nightly").red_since == NOON + 4 * MINUTE

    def test_the_branch_that_counts_is_the_default_one_as_soon_as_it_is_known(self, run):
        assert run(1, branch="feature/x").branch == ""
        assert run(2, branch="main").branch == "main"
        assert run(3, branch="x", pipeline="deploy", default_branch="trunk").branch == "trunk"
        assert run(4, default_branch="trunk").branch == "main"

    def test_a_clock_that_is_ahead_does_not_hide_what_fails_after(self, run):
        run(5_000_000, "success")
        assert run(6).red_since is None
        pipelines.record(
            run=Report(
                pipeline="deliver", external_id="now", repository="acme/checkout", status="failed", branch="main"
            )
        )
        assert Pipeline.objects.get().red_since is not None

    def test_its_team_is_told_once_when_it_is_red_for_too_long_and_when_it_is_over(self, run, dev, settle):
        run(0)
        assert later(59, settle) == []
        assert later(60, settle) == later(300, settle) == ["pipeline.red"]
        told = Delivery.objects.get()
        assert told.address == dev.address
        assert "deliver is red" in told.message["subject"]
        assert "longer than its limit of 1 h" in told.message["text"]
        run(301)
        assert later(500, settle) == ["pipeline.red"]
        run(501, "success")
        assert later(502, settle) == ["pipeline.red", "pipeline.green"]
        assert "green again" in Delivery.objects.order_by("pk").last().message["subject"]
        run(600)
        assert later(700, settle) == ["pipeline.red", "pipeline.green", "pipeline.red"]

    def test_a_short_spell_is_told_to_nobody(self, run, dev, settle):
        run(0)
        run(30, "success")
        assert later(300, settle) == []
        assert not Delivery.objects.exists()

    def test_of_a_pipeline_that_is_nobodys_administrators_hear(self, run, settle):
        method = ContactMethodFactory(person=AdministratorFactory())
        run(0)
        later(61, settle)
        assert Delivery.objects.get().address == method.address


class TestConfiguring:
    def test_a_limit_that_is_set_counts_for_the_spell_under_way(self, run, dev, settle):
        pipeline = run(0)
        red.configure(
            pipeline=pipeline, red_limit=10 * MINUTE, branch="main", service=pipeline.service, by=PersonFactory()
        )
        assert later(10, settle) == ["pipeline.red"]

    def test_the_branch_that_counts_is_judged_at_once_and_stays(self, run):
        run(0, "success")
        pipeline = run(1, branch="release")
        red.configure(pipeline=pipeline, red_limit=MINUTE, branch="*", service=None, by=PersonFactory())
        pipeline.refresh_from_db()
        assert pipeline.red_since == NOON + MINUTE
        assert run(2, "cancelled", default_branch="main").branch == "*"

    def test_through_the_api(self, run, dev, api):
        pipeline = run(0)
        answer = api(PersonFactory()).patch(f"{API}{pipeline.pk}/", {"red_limit": 90, "branch": "*", "service": None})
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert (told["red_limit"], told["branch"], told["service"]) == (90, "*", None)
        assert api(PersonFactory()).patch(f"{API}{pipeline.pk}/", {"branch": "main"}).json()["red_limit"] == 90

    @pytest.mark.parametrize(
        ("field", "value"),
        [("red_limit", 0), ("red_limit", -5), ("red_limit", 10**30), ("red_limit", "soon"), ("service", "nowhere")],
    )
    def test_what_cannot_be_used_is_refused_by_name(self, run, api, field, value):
        pipeline = run(0)
        answer = api(PersonFactory()).patch(f"{API}{pipeline.pk}/", {field: value})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]

    def test_viewers_may_look_but_not_change(self, run, api, client):
        pipeline, viewer = run(0), PersonFactory(role="viewer")
        assert api(viewer).patch(f"{API}{pipeline.pk}/", {"branch": "*"}).status_code == 403
        assert api(viewer).get(f"{API}{pipeline.pk}/").status_code == 200
        client.force_login(viewer)
        assert client.get(f"{LIST}{pipeline.pk}/edit/").status_code == 403
        assert "Edit" not in client.get(f"{LIST}{pipeline.pk}/").content.decode()


class TestShowing:
    @pytest.fixture(autouse=True)
    def today(self):
        with time_machine.travel(NOON + 60 * MINUTE, tick=False):
            yield

    def test_the_api_gives_figures_of_a_window(self, run, dev, api):
        for minute in range(0, 50, 10):
            run(minute, "success")
        run(50)
        [told] = api(PersonFactory()).get(API, {"red": True}).json()["results"]
        assert (told["name"], told["service"], told["red_since"]) == ("deliver", "checkout", "2026-06-01T12:50:00Z")
        assert told["figures"] == {
            "window": "7d",
            "judged": 6,
            "succeeded": 5,
            "share": 5 / 6,
            "red": 600.0,
            "run_time": 120.0,
            "run_time_p90": 120.0,
            "queue_time": 60.0,
            "queue_time_p90": 60.0,
        }
        assert api(PersonFactory()).get(API, {"red": False}).json()["count"] == 0
        assert api(PersonFactory()).get(API, {"window": "1y"}).status_code == 400

    def test_the_list_shows_each_with_its_figures_and_red_ones_first(self, run, dev, client):
        run(0, "success", pipeline="a pipeline that is green", external_id="g")
        run(0)
        client.force_login(PersonFactory(role="viewer"))
        page = client.get(LIST).content.decode()
        assert page.index("deliver") < page.index("a pipeline that is green")
        assert "n = 1" in page
        assert "100%" in page
        assert client.get(LIST, {"window": "30d"}).status_code == 200

    def test_a_pipeline_shows_its_runs_on_a_time_axis_and_one_by_one(self, run, dev, client):
        run(0, "success", revision="4f2a1c9d0e", url="https://ci.example/7")
        pipeline = run(9)
        client.force_login(PersonFactory())
        page = client.get(f"{LIST}{pipeline.pk}/").content.decode()
        assert "Runs of deliver: 2 runs, 1 failed" in page
        assert "https://ci.example/7" in page
        assert "shown from five runs on" in page

    def test_it_is_edited_on_the_web(self, run, dev, client):
        pipeline = run(0)
        client.force_login(PersonFactory())
        form = {"red_limit": "2 h", "branch": "trunk", "service": "checkout"}
        assert client.post(f"{LIST}{pipeline.pk}/edit/", form).status_code == 302
        pipeline.refresh_from_db()
        assert (pipeline.red_limit, pipeline.branch, pipeline.red_since) == (timedelta(hours=2), "trunk", None)
        refused = client.post(f"{LIST}{pipeline.pk}/edit/", form | {"red_limit": "for a while"})
        assert refused.status_code == 422
        assert "for a while" in refused.content.decode()

    def test_more_pipelines_take_no_more_queries(self, run, client, django_assert_max_num_queries):
        client.force_login(PersonFactory())
        for number in range(12):
            run(number, pipeline=f"p{number}")
        client.get(LIST)
        with django_assert_max_num_queries(8):
            assert "p11" in client.get(LIST).content.decode()


def test_a_run_without_an_end_ended_when_it_was_told(run):
    before = timezone.now()
    pipelines.record(run=Report(pipeline="deliver", external_id="1", repository="", status="failed"))
    assert Pipeline.objects.get().red_since >= before
