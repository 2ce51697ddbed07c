"""Every figure says its definition and its n, hides what is too little, and never calls a mean a time."""

import statistics
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from postmortems import metrics
from postmortems.metrics.statistics import median, percentile
from postmortems.sentences import sentence

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
PERIOD = metrics.Period(SINCE, UNTIL)
TODAY = UNTIL.date()

moments = st.datetimes(datetime(2025, 10, 1), datetime(2026, 7, 1), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2025, 10, 1), date(2026, 7, 1))


@st.composite
def incidents(draw):
    started = draw(moments)
    detected = started + timedelta(minutes=draw(st.integers(0, 500)))
    mitigated = draw(st.none() | st.just(detected + timedelta(hours=draw(st.integers(0, 200)))))
    resolved = mitigated and mitigated + timedelta(hours=draw(st.integers(0, 20)))
    has = draw(st.booleans())
    return metrics.IncidentRow(
        number=draw(st.integers(1, 10**6)),
        title="x",
        severity=draw(st.sampled_from(["sev1", "sev2", "sev3", "sev4"])),
        source=draw(st.sampled_from(["web", "api", "slack", "alert"])),
        started_at=started,
        detected_at=detected,
        mitigated_at=mitigated,
        resolved_at=resolved,
        exempted=draw(st.booleans()),
        published_at=resolved + timedelta(days=draw(st.integers(0, 30))) if resolved and has else None,
        has_postmortem=has,
    )


def resolved(number, *, severity="sev1", hours=1.0, **fields):
    end = SINCE + timedelta(days=10)
    start = end - timedelta(hours=hours)
    return metrics.IncidentRow(number, "x", severity, "alert", start, start, end, end, **fields)


@given(st.lists(st.floats(0, 1e9), min_size=1), st.floats(0, 1))
def test_a_percentile_lies_between_the_extremes_and_grows_with_its_share(values, share):
    found = percentile(values, share)
    assert min(values) <= found <= max(values)
    assert percentile(values, share / 2) <= found + 1e-6
    assert median(values) == pytest.approx(statistics.median(values))


def test_percentiles_are_those_of_postgresql():
    assert percentile([10, 20, 30, 40], 0.9) == pytest.approx(37)
    with pytest.raises(ValueError, match="no percentile"):
        percentile([], 0.5)


@given(st.lists(incidents()))
def test_coverage_counts_each_incident_that_requires_one_once(rows):
    figure = metrics.coverage(rows, PERIOD)
    required = [row for row in rows if row.severity in ("sev1", "sev2") and row.resolved_at in PERIOD]
    assert figure.value["published"] + figure.value["waiting"] == figure.n
    assert figure.n + figure.value["exempt"] == len(required) == len(figure.rows)
    assert figure.value["share"] is None if figure.n == 0 else 0 <= figure.value["share"] <= 1


def test_coverage_of_five():
    late = SINCE + timedelta(days=40)
    figure = metrics.coverage(
        [
            resolved(1, published_at=late, has_postmortem=True),
            resolved(2, has_postmortem=True),
            resolved(3, exempted=True),
            resolved(4, severity="sev2"),
            resolved(5, severity="sev3", published_at=late, has_postmortem=True),
        ],
        PERIOD,
    )
    assert figure.n == 3
    assert figure.value == {"share": pytest.approx(1 / 3), "published": 1, "waiting": 2, "exempt": 1}


@given(st.lists(incidents(), max_size=12))
def test_durations_are_hidden_below_five_and_their_dots_agree_with_the_median(rows):
    for compute in (metrics.time_to_restore, metrics.detection, metrics.time_to_postmortem):
        figure = compute(rows, PERIOD)
        assert figure.value["hidden"] is (figure.n < metrics.FEWEST)
        if figure.n < metrics.FEWEST:
            assert figure.series == [] and "median" not in figure.value and "p90" not in figure.value
        else:
            seconds = [dot["seconds"] for dot in figure.series]
            assert len(seconds) == figure.n
            assert figure.value["median"] == pytest.approx(statistics.median(seconds))
            assert figure.value["median"] <= figure.value["p90"] <= max(seconds)


def test_one_long_outage_does_not_move_the_median():
    rows = [resolved(number, hours=1) for number in range(9)]
    figure = metrics.time_to_restore([*rows, resolved(9, hours=4_000)], PERIOD)
    assert figure.value["median"] == 3_600
    assert figure.n == 10


def test_what_goes_on_and_what_waits_is_shown_not_dropped():
    going_on = metrics.IncidentRow(1, "x", "sev1", "web", SINCE, SINCE, None, None)
    assert metrics.time_to_restore([going_on], PERIOD).value["still_open"] == 1
    waits = [
        resolved(1),
        resolved(2, severity="sev3"),
        resolved(3, exempted=True),
        resolved(4, severity="sev4", has_postmortem=True),
    ]
    figure = metrics.time_to_postmortem(waits, PERIOD)
    assert (figure.n, figure.value["waiting"]) == (0, 2)


def test_detection_says_by_what_they_were_found():
    rows = [resolved(1), resolved(2), resolved(3)]
    assert metrics.detection(rows, PERIOD).value["found_by"] == {"alert": 1.0}
    assert metrics.detection([], PERIOD).value["found_by"] == {}


def confirmed(number, rank, started_at=SINCE):
    return metrics.ConfirmedRow(number, "x", "sev2", started_at, rank, confirmed=1)


def test_recall_counts_the_incidents_whose_culprit_was_among_the_first_suspects():
    figure = metrics.suspects_recall([confirmed(n, rank) for n, rank in enumerate([1, 1, 3, 4, None])], PERIOD)
    assert figure.n == 5
    assert figure.value == {"share": 0.6, "found": 3, "share_at_1": 0.4, "first": 2, "not_suspected": 1}
    assert sentence(figure) == (
        "In 3 of 5 incidents with a confirmed change it stood among the first three suspects, in 2 first;"
        " in 1 it was not suspected."
    )
    assert [row["rank"] for row in figure.rows] == [1, 1, 3, 4, None]


def test_recall_is_of_incidents_that_started_in_the_period():
    assert metrics.suspects_recall([confirmed(1, 1, UNTIL)], PERIOD).value["share"] is None
    assert sentence(metrics.suspects_recall([], PERIOD)).startswith("Nobody has confirmed a change")


@given(st.lists(st.lists(st.sampled_from(["data", "capacity", "design"]), max_size=3, unique=True), max_size=10))
def test_each_factor_counts_each_post_mortem_once(factors):
    rows = [metrics.PostmortemRow(n, "x", SINCE, tuple(keys)) for n, keys in enumerate(factors)]
    figure = metrics.factor_share(rows, PERIOD, {"data": "Data"})
    assert figure.n == len(rows)
    assert sum(one["count"] for one in figure.series) == sum(len(keys) for keys in factors)
    assert all(0 < one["share"] <= 1 for one in figure.series)
    assert [one["count"] for one in figure.series] == sorted((one["count"] for one in figure.series), reverse=True)


def test_shares_of_factors_may_sum_to_more_than_all():
    rows = [metrics.PostmortemRow(n, "x", SINCE, ("data", "design")) for n in range(2)]
    assert sum(one["share"] for one in metrics.factor_share(rows, PERIOD, {}).series) == 2


action_rows = st.builds(
    metrics.ActionRow,
    number=st.integers(1, 10**6),
    title=st.just("x"),
    team=st.sampled_from(["", "Payments", "Platform"]),
    state=st.sampled_from(["proposed", "done", "wont_do"]),
    due_on=days,
    done_on=st.none() | days,
)


@given(st.lists(action_rows))
def test_overdue_actions_are_split_by_team_without_loss(rows):
    figure = metrics.overdue_actions(rows, PERIOD)
    assert sum(team["count"] for team in figure.series) == figure.n == len(figure.rows)
    for team in figure.series:
        assert 1 <= team["median_days"] <= team["greatest_days"]
    assert not any("owner" in row for row in figure.rows)


@given(st.lists(action_rows))
def test_actions_due_are_on_time_late_or_open_and_those_given_up_stand_apart(rows):
    assume(all((row.done_on is not None) == (row.state == "done") for row in rows))
    figure = metrics.actions_on_time(rows, PERIOD)
    value = figure.value
    assert value["on_time"] + value["late"] + value["open"] == figure.n
    assert figure.n + value["wont_do"] == len(figure.rows)


def test_overdue_actions_of_two_teams():
    def due(number, team, days_ago, **fields):
        return metrics.ActionRow(number, "x", team, "accepted", TODAY - timedelta(days=days_ago), **fields)

    rows = [due(1, "Payments", 1), due(2, "Payments", 9), due(3, "Payments", 30), due(4, "Platform", 5), due(5, "", 0)]
    rows.append(due(6, "Platform", 50, done_on=TODAY))
    figure = metrics.overdue_actions(rows, PERIOD)
    assert figure.series == [
        {"team": "Payments", "count": 3, "median_days": 9, "greatest_days": 30},
        {"team": "Platform", "count": 1, "median_days": 5, "greatest_days": 5},
    ]


def test_problems_and_knowledge_of_nothing_and_of_something():
    assert metrics.problems([], PERIOD, TODAY).value["median_age_days"] is None
    rows = [metrics.ProblemRow(1, "x", True, TODAY - timedelta(days=4), 3), metrics.ProblemRow(2, "y", False, TODAY, 0)]
    assert metrics.problems(rows, PERIOD, TODAY).value == {
        "open": 2,
        "known_errors": 1,
        "median_age_days": 2,
        "greatest_age_days": 4,
    }
    assert metrics.knowledge([], PERIOD, TODAY).value["validated_share"] is None
    articles = [
        metrics.ArticleRow(1, "x", True, TODAY - timedelta(days=1), 2),
        metrics.ArticleRow(2, "y", False, TODAY, 0),
    ]
    value = metrics.knowledge(articles, PERIOD, TODAY).value
    assert value == {"articles": 2, "validated": 1, "validated_share": 0.5, "uses": 2, "stale": 1}


def test_every_figure_has_a_definition_and_none_speaks_of_persons_or_means():
    figures = [
        metrics.coverage([], PERIOD),
        metrics.time_to_postmortem([], PERIOD),
        metrics.time_to_restore([], PERIOD),
        metrics.detection([], PERIOD),
        metrics.suspects_recall([], PERIOD),
        metrics.factor_share([], PERIOD, {}),
        metrics.actions_on_time([], PERIOD),
        metrics.overdue_actions([], PERIOD),
        metrics.problems([], PERIOD, TODAY),
        metrics.knowledge([], PERIOD, TODAY),
    ]
    assert len({figure.name for figure in figures}) == len(figures)
    for figure in figures:
        assert (figure.n, figure.period, figure.rows) == (0, PERIOD, [])
        assert len(figure.definition) > 40
        assert "mean" not in figure.definition.lower()


def test_imported_incidents_are_in_no_figure_of_how_we_notice_and_learn():
    imported = replace(resolved(1, published_at=SINCE + timedelta(days=11), has_postmortem=True), source="import")
    for figure in (metrics.coverage, metrics.time_to_postmortem, metrics.detection):
        assert figure([imported], PERIOD).n == 0
        assert "Imported incidents are left out." in figure([imported], PERIOD).definition
    assert metrics.time_to_restore([imported], PERIOD).n == 1
