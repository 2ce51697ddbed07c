"""Snapshots: fetched apart from requests, kept, extended while open, and honest about what is missing."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from notifications.errors import InvalidInput
from notifications.models import Event
from telemetry import fetching, snapshots
from telemetry.models import Snapshot
from telemetry.panels import alert_mark, draw, mark
from telemetry.windows import window_between
from tests.factories import AlertFactory, PanelFactory, PanelTemplateFactory, ServiceFactory
from tests.telemetry.loki_server import Loki
from tests.telemetry.loki_server import serving as serving_loki
from tests.telemetry.prometheus_server import Answers, matrix, refusal, serving

pytestmark = pytest.mark.django_db

ABOUT = "incident:42"


@pytest.fixture
def prometheus(settings):
    answers = Answers()
    with serving(answers) as url:
        settings.PROMETHEUS_URL = url
        yield answers


@pytest.fixture
def loki(settings):
    plays = Loki()
    with serving_loki(plays) as url:
        settings.LOKI_URL = url
        yield plays


@pytest.fixture
def service():
    service = ServiceFactory(slug="checkout", environment="live")
    PanelFactory(
        service=service, name="Errors", query='rate(errors{app="{service}",env="{environment}"}[5m])', unit="%"
    )
    return service


def hour_ago():
    return timezone.now() - timedelta(hours=1)


def told(kind):
    return list(Event.objects.filter(type=f"snapshot.{kind}").values_list("payload", flat=True))


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


def test_a_panel_is_fetched_and_kept(prometheus, service):
    prometheus.answer = matrix(({"__name__": "errors", "pod": "a"}, [(1000, "1.5"), (1015, "NaN"), (1030, "+Inf")]))
    (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
    assert snapshots.fetch_due() == 1
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.error, snapshot.attempts) == ("stored", "", 0)
    assert snapshot.series == [{"label": "pod=a", "points": [[1000, 1.5], [1015, None], [1030, None]]}]
    assert told("stored") == [{"snapshot": snapshot.pk, "about": ABOUT}]
    asked = prometheus.asked[0]
    assert asked["query"] == 'rate(errors{app="checkout",env="live"}[5m])'
    assert 3600 - 15 < float(asked["end"]) - float(asked["start"]) <= 3605


def test_asking_twice_is_asking_once(prometheus, service):
    for _ in range(2):
        snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    assert (Snapshot.objects.count(), len(prometheus.asked)) == (1, 1)


def test_an_earlier_start_reaches_further_back(prometheus, service):
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago() - timedelta(hours=2))
    assert snapshots.fetch_due() == 1
    asked = {name: float(prometheus.asked[-1][name]) for name in ("start", "end", "step")}
    assert -0.01 < asked["start"] - snapshot.since.timestamp() < asked["step"] + 0.01  # told in milliseconds
    steps = (asked["end"] - asked["start"]) / asked["step"]
    assert steps == pytest.approx(round(steps), abs=0.01), "the newest point is at the end"


def test_while_open_it_is_fetched_every_minute_and_told_of_once(prometheus, service):
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    assert snapshots.fetch_due() == 0
    with later(seconds=61):
        assert snapshots.fetch_due() == 1
    assert len(told("stored")) == 1


def test_after_its_end_it_is_fetched_once_more_and_then_left(prometheus, service):
    (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    until = timezone.now() + timedelta(minutes=10)
    snapshots.extend_until(about=ABOUT, until=until)
    assert snapshots.fetch_due() == 0
    with later(minutes=11):
        assert snapshots.fetch_due() == 1
        assert snapshots.fetch_due() == 0
    snapshot.refresh_from_db()
    assert (snapshot.covers_until, snapshot.next_at) == (until, None)
    assert float(prometheus.asked[-1]["end"]) == pytest.approx(until.timestamp(), abs=0.01)


def test_reopened_it_is_extended_again(prometheus, service):
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.extend_until(about=ABOUT, until=timezone.now() - timedelta(minutes=5))
    snapshots.fetch_due()
    snapshots.extend_until(about=ABOUT, until=None)
    assert snapshots.fetch_due() == 1
    with later(seconds=61):
        assert snapshots.fetch_due() == 1


def test_what_prometheus_forgets_we_keep(prometheus, service):
    prometheus.answer = matrix(({}, [(1000, "1")]))
    (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    prometheus.answer = matrix()
    with later(seconds=61):
        snapshots.fetch_due()
    snapshot.refresh_from_db()
    assert snapshot.series[0]["points"] == [[1000, 1.0]]


def test_a_refusal_is_told_once_and_tried_again_later(prometheus, service):
    prometheus.answer = refusal(400, "bad_data", "parse error: unexpected end")
    (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
    for seconds in (0, 30, 90):
        with later(seconds=seconds):
            snapshots.fetch_due()
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.attempts, len(told("failed"))) == ("failed", 3, 1)
    assert "parse error: unexpected end" in snapshot.error
    prometheus.answer = matrix(({}, [(1000, "1")]))
    with later(seconds=300):
        snapshots.fetch_due()
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.error, len(told("stored"))) == ("stored", "", 1)


def test_when_nobody_answers_all_panels_fail_and_one_event_tells(settings, service):
    settings.PROMETHEUS_URL = "http://127.0.0.1:9"
    PanelFactory.create_batch(3, service=service)
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    assert snapshots.fetch_due() == 4
    assert Snapshot.objects.filter(state="failed", error__contains="127.0.0.1 could not be reached").count() == 4
    assert len(told("failed")) == 1


def test_one_wrong_query_does_not_hold_up_the_others(prometheus, service):
    PanelFactory(service=service, name="Wrong", query="sum(")
    prometheus.by_query["sum("] = refusal(400, "bad_data", "unclosed left parenthesis")
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    assert set(Snapshot.objects.values_list("name", "state")) == {("Errors", "stored"), ("Wrong", "failed")}


def test_without_prometheus_it_says_what_to_set_and_is_not_tried_again(settings, service):
    settings.PROMETHEUS_URL = ""
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    snapshot = Snapshot.objects.get()
    assert (snapshot.state, snapshot.next_at, len(told("failed"))) == ("failed", None, 1)
    assert snapshot.error.startswith("PROMETHEUS_URL is not set")


class TestLookingAtAService:
    def test_a_look_is_fetched_once_tells_nobody_and_is_forgotten(self, prometheus, service):
        snapshots.look(service=service, window="1h")
        snapshots.fetch_due()
        (snapshot,) = snapshots.look(service=service, window="1h")
        assert (snapshot.state, snapshots.fetch_due(), Event.objects.count()) == ("stored", 0, 0)
        with later(days=2):
            snapshots.forget_looks()
        assert not Snapshot.objects.exists()

    def test_an_old_look_is_taken_anew(self, prometheus, service):
        snapshots.look(service=service, window="6h")
        snapshots.fetch_due()
        with later(seconds=61):
            snapshots.look(service=service, window="6h")
            assert snapshots.fetch_due() == 1

    def test_a_panel_that_changed_is_fetched_with_its_new_query(self, prometheus, service):
        snapshots.look(service=service, window="1h")
        snapshots.fetch_due()
        service.panels.update(query="up")
        snapshots.look(service=service, window="1h")
        snapshots.fetch_due()
        assert prometheus.asked[-1]["query"] == "up"

    def test_an_answer_to_what_the_panel_asked_before_is_not_kept(self, prometheus, service):
        prometheus.answer = matrix(({}, [(1000, "1")]))
        (fetched,) = fetching._fetch_all(snapshots.look(service=service, window="1h"))
        service.panels.update(query="up")
        snapshots.look(service=service, window="1h")
        fetching._record(fetched)
        (snapshot,) = Snapshot.objects.all()
        assert (snapshot.query, snapshot.state, snapshot.series) == ("up", "waiting", [])

    def test_what_an_incident_keeps_is_not_forgotten(self, prometheus, service):
        snapshots.request(service=service, about=ABOUT, since=hour_ago())
        with later(days=400):
            snapshots.forget_looks()
        assert Snapshot.objects.exists()


class TestTheSameHourAWeekEarlier:
    def test_it_is_asked_for_with_the_same_query_and_kept_beside(self, prometheus, service):
        prometheus.answer = matrix(({}, [(1_000_000, "1")]))
        prometheus.of_week_before = matrix(({}, [(395_200, "0.5")]))
        (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        snapshot.refresh_from_db()
        assert snapshot.week_before == [{"label": "value", "points": [[395_200, 0.5]]}]
        (now,), (then,) = prometheus.asked, prometheus.asked_of_week_before
        assert now["query"] == then["query"]
        for end in ("start", "end"):
            assert float(now[end]) - float(then[end]) == pytest.approx(7 * 86_400, abs=0.01)

    def test_that_it_cannot_be_had_is_no_failure(self, prometheus, service):
        prometheus.answer = matrix(({}, [(1000, "1")]))
        prometheus.of_week_before = refusal(422, "execution", "query timed out")
        (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        snapshot.refresh_from_db()
        assert (snapshot.state, snapshot.error, snapshot.week_before) == ("stored", "", None)

    def test_a_panel_that_fails_is_not_asked_of_twice(self, prometheus, service):
        prometheus.answer = refusal(400, "bad_data", "parse error")
        snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        assert prometheus.asked_of_week_before == []


class TestPanelsOfEveryService:
    def test_a_service_shows_them_after_its_own(self, service):
        PanelTemplateFactory(name="Traffic", query='rate(requests{app="{service}",env="{environment}"}[5m])')
        asked = snapshots.request(service=service, about=ABOUT, since=hour_ago())
        assert [(one.name, one.query) for one in asked][1:] == [
            ("Traffic", 'rate(requests{app="checkout",env="live"}[5m])')
        ]

    def test_its_own_panel_of_that_name_takes_the_place(self, service):
        PanelTemplateFactory(name="errors")
        assert [one.name for one in snapshots.request(service=service, about=ABOUT, since=hour_ago())] == ["Errors"]


class TestLogs:
    def test_the_newest_lines_are_kept_oldest_first(self, loki, service):
        loki.lines({"app": "checkout"}, [(1000, "began"), (1002, "failed"), (1001, "tried")])
        service.panels.update(source="loki", query='{app="{service}"}')
        (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        snapshot.refresh_from_db()
        assert [(at, text) for at, _, text in snapshot.log_lines] == [
            (1000, "began"),
            (1001, "tried"),
            (1002, "failed"),
        ]
        assert (snapshot.state, snapshot.series, snapshot.week_before) == ("stored", [], None)
        assert loki.asked[0]["query"] == '{app="checkout"}'

    def test_numbers_from_logs_are_lines_of_a_chart(self, loki, service):
        loki.numbers({"level": "error"}, [(1000, "3")])
        service.panels.update(source="loki", query='sum by (level) (rate({app="{service}"}[1m]))')
        (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        snapshot.refresh_from_db()
        assert (snapshot.series, snapshot.log_lines) == ([{"label": "level=error", "points": [[1000, 3.0]]}], None)

    def test_without_loki_it_says_what_to_set(self, settings, service):
        settings.LOKI_URL = ""
        service.panels.update(source="loki")
        snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        assert Snapshot.objects.get().error.startswith("LOKI_URL is not set: set it to your Loki's address")

    def test_what_loki_forgets_we_keep(self, loki, service):
        loki.lines({}, [(1000, "began")])
        service.panels.update(source="loki")
        (snapshot,) = snapshots.request(service=service, about=ABOUT, since=hour_ago())
        snapshots.fetch_due()
        loki.lines({}, [])
        with later(seconds=61):
            assert snapshots.fetch_due() == 1
        snapshot.refresh_from_db()
        assert [text for _, _, text in snapshot.log_lines] == ["began"]

    def test_a_panel_that_moves_to_another_source_starts_anew(self, prometheus, loki, service):
        prometheus.answer = matrix(({}, [(1000, "1")]))
        snapshots.look(service=service, window="1h")
        snapshots.fetch_due()
        service.panels.update(source="loki")
        (moved,) = snapshots.look(service=service, window="1h")
        assert (moved.source, moved.series, moved.state) == ("loki", [], "waiting")


class TestAWindowOfOnesOwn:
    def test_it_is_fetched_once_and_kept_for_a_day(self, prometheus, service):
        end = timezone.now() - timedelta(days=3)
        window = window_between(end - timedelta(hours=2), end)
        snapshots.look_through(service=service, window=window)
        assert snapshots.fetch_due() == 1
        with later(hours=2):
            (again,) = snapshots.look_through(service=service, window=window)
            assert (again.state, snapshots.fetch_due(), snapshots.forget_looks()) == ("stored", 0, 0)
        with later(hours=25):
            assert snapshots.forget_looks() == 1

    def test_one_that_failed_is_asked_for_again_a_minute_later(self, prometheus, service):
        prometheus.answer = refusal(503, "unavailable", "starting")
        window = window_between(hour_ago(), None)
        snapshots.look_through(service=service, window=window)
        snapshots.fetch_due()
        snapshots.look_through(service=service, window=window)
        assert snapshots.fetch_due() == 0
        with later(seconds=61):
            snapshots.look_through(service=service, window=window)
            assert snapshots.fetch_due() == 1

    @pytest.mark.parametrize(
        ("since", "until", "field", "words"),
        [
            (timedelta(hours=1), -timedelta(hours=1), "until", "in the future"),
            (timedelta(hours=1), timedelta(hours=2), "until", "after the start"),
            (timedelta(days=40), timedelta(), "since", "a window of 40 days"),
            (None, timedelta(), "since", "from when"),
        ],
    )
    def test_one_that_cannot_be_is_refused_in_words(self, since, until, field, words):
        now = timezone.now()
        with pytest.raises(InvalidInput) as error:
            window_between(None if since is None else now - since, now - until)
        assert words in error.value.errors[field][0]

    def test_the_longest_name_of_a_service_fits(self, prometheus):
        service = ServiceFactory(slug="x" * 60)
        PanelFactory(service=service)
        snapshots.look_through(service=service, window=window_between(timezone.now() - timedelta(days=31), None))
        assert snapshots.fetch_due() == 1


def test_a_drawing_carries_the_marks_of_its_window(prometheus, service):
    prometheus.answer = matrix(({}, [(1000, "1")]))
    prometheus.of_week_before = matrix(({}, [(500, "2")]))
    snapshots.request(service=service, about=ABOUT, since=hour_ago())
    snapshots.fetch_due()
    before, within = hour_ago() - timedelta(hours=1), timezone.now() - timedelta(minutes=5)
    drawing = draw(
        list(Snapshot.objects.about(ABOUT)),
        key="42",
        since=hour_ago(),
        until=timezone.now(),
        marks=[
            mark(before, "change", "deploy old"),
            mark(within, "change", "deploy 4f2a1c"),
            alert_mark(AlertFactory(name="HighErrorRate", starts_at=within - timedelta(minutes=1))),
        ],
    )
    (chart,) = drawing.charts
    assert (chart["name"], chart["unit"]) == ("Errors", "%")
    assert chart["week_before"] == [{"label": "value", "points": [[500 + 7 * 86_400, 2.0]]}], "moved to now"
    assert [(each["kind"], each["label"]) for each in drawing.axis["marks"]] == [
        ("alert", "HighErrorRate"),
        ("change", "deploy 4f2a1c"),
    ]
