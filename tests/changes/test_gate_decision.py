"""What the gate decides, and in which words: the table of its rules, and what must hold of any question."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.gate.decision import decide
from changes.gate.facts import FreezeFacts, GuardFacts, OpenIncident, Someone, TemplateFacts
from changes.gate.sides import may_speak
from oncall.rotas.clockwindow import ClockWindow
from tests.changes.questions import (
    ANA,
    BO,
    CHECKOUT,
    FREEZE,
    GUARD,
    NOW,
    OLI,
    PLATFORM,
    SEC,
    SECURITY,
    SEV1,
    SHOP,
    TEMPLATE,
    facts,
    said,
)


def made(**known):
    """The decision, the rule, and the first reason."""
    decided = decide(facts(**known))
    return decided.decision, decided.rule, decided.reasons[0].text


def texts(**known):
    return " ".join(reason.text for reason in decide(facts(**known)).reasons)


class TestInvalid:
    def test_a_service_that_nobody_knows(self):
        decision, rule, words = made(service=None)
        assert (decision, rule) == ("invalid", "service")
        assert "There is no service “checkout”" in words

    def test_a_deploy_of_nothing(self):
        assert made(revision="")[:2] == ("invalid", "revision")

    def test_a_flag_needs_no_revision(self):
        assert made(revision="", kind="flag")[0] == "awaiting"

    def test_a_kind_that_there_is_not(self):
        assert made(kind="party")[2] == (
            "“party” is no kind of change; use deploy, config, flag, infrastructure, data."
        )

    def test_an_incident_that_there_is_not(self):
        assert made(incident=99)[2] == "There is no incident 99; name one that there is, or none."

    def test_a_private_incident_of_others_is_as_one_that_there_is_not(self):
        hidden = replace(SEV1, number=99, known=False, private=True)
        assert made(incident=99, incidents=(hidden,))[:2] == ("invalid", "incident")


class TestRollback:
    def test_passes_in_a_freeze_during_an_incident_through_a_guard(self):
        decided = decide(
            facts(
                rollback=True, ran_before=True, freezes=(FREEZE,), incidents=(SEV1,), guards=(GUARD,), paths=("auth/a",)
            )
        )
        assert (decided.decision, decided.rule, len(decided.reasons)) == ("allowed", "rollback", 1)

    def test_to_what_never_ran_passes_and_says_so(self):
        assert "No success of 4f2a1c on Checkout in production is on record" in texts(rollback=True)

    def test_passes_though_refused(self):
        assert made(rollback=True, verdicts=(said("refused", OLI),))[0] == "allowed"


class TestIncidents:
    def test_prevent_changes_of_what_depends_on_it(self):
        assert made(incidents=(SEV1,)) == (
            "prevented",
            "incident",
            "sev1 42 is open on payments, which checkout depends on; name it with --incident 42 to deploy its fix.",
        )

    def test_let_their_fix_through_to_be_reviewed(self):
        decided = decide(facts(incidents=(SEV1,), incident=42))
        assert (decided.decision, decided.rule, decided.type) == ("allowed", "incident", "emergency")
        assert decided.review_due_at == NOW + timedelta(hours=24)

    def test_a_fix_of_another_incident_does_not_pass(self):
        other = OpenIncident(number=5, severity="sev3")
        assert made(incidents=(SEV1, other), incident=5)[0] == "prevented"

    def test_one_that_is_no_obstacle_is_only_named(self):
        other = OpenIncident(number=5, severity="sev3")
        assert made(incidents=(other,), incident=5)[:2] == ("awaiting", "authorisation")

    def test_of_a_private_one_no_number_is_told(self):
        words = texts(incidents=(replace(SEV1, private=True),))
        assert "A private sev1 is open on payments" in words
        assert "42" not in words

    def test_do_not_hold_in_an_environment_before_production(self):
        assert made(incidents=(SEV1,), environment="staging")[:2] == ("allowed", "environment")


class TestFreezes:
    def test_say_until_when_by_their_own_clock(self):
        decided = decide(facts(freezes=(FREEZE,)))
        assert decided.reasons[0].text == "Freeze “Black Friday” holds until 2026-11-30 08:00 Europe/Berlin."
        assert (decided.decision, decided.freeze) == ("prevented", FREEZE)
        assert decided.retry_after == (FREEZE.end - NOW).total_seconds()

    def test_prevent_the_fix_of_an_incident_until_somebody_overrides(self):
        known = {"freezes": (FREEZE,), "incidents": (SEV1,), "incident": 42}
        assert made(**known)[:2] == ("prevented", "freeze")
        decided = decide(facts(**known, verdicts=(said("overridden", BO, "Payments are down"),)))
        assert (decided.decision, decided.rule, decided.overridden) == ("allowed", "override", True)
        assert decided.reasons[0].text == "Bo let it through (Payments are down). The rules would not have:"
        assert decided.reasons[1].rule == "freeze"

    @pytest.mark.parametrize(
        ("environment", "asked", "decision"),
        [
            ("production", "production", "prevented"),
            ("production", "Production", "prevented"),
            ("production", "prod-eu", "prevented"),  # no way around it by another name
            ("production", "staging", "allowed"),
            ("staging*", "staging-2", "prevented"),
            ("staging", "production", "awaiting"),
            ("", "staging", "prevented"),
        ],
    )
    def test_hold_in_their_environment(self, environment, asked, decision):
        assert made(freezes=(replace(FREEZE, environment=environment),), environment=asked)[0] == decision

    def test_hold_for_their_services(self):
        assert made(freezes=(replace(FREEZE, services=frozenset({8})),))[0] == "awaiting"
        assert made(freezes=(replace(FREEZE, services=frozenset({7, 8})),))[0] == "prevented"

    def test_are_over_at_their_end(self):
        assert made(freezes=(replace(FREEZE, end=NOW),))[0] == "awaiting"
        assert made(freezes=(replace(FREEZE, start=NOW, end=NOW + timedelta(seconds=1)),))[0] == "prevented"

    def test_of_every_week_follow_the_wall_clock(self):
        fridays = FreezeFacts(
            id=2, name="Fridays", timezone="America/New_York", windows=(ClockWindow(frozenset({4}), 16 * 60, 0),)
        )
        at = {
            datetime(2026, 11, 27, 20, 59, tzinfo=UTC): "awaiting",
            datetime(2026, 11, 27, 21, 0, tzinfo=UTC): "prevented",
            datetime(2026, 11, 28, 4, 59, tzinfo=UTC): "prevented",
            datetime(2026, 11, 28, 5, 0, tzinfo=UTC): "awaiting",
            datetime(2026, 7, 3, 20, 0, tzinfo=UTC): "prevented",  # summer time
            datetime(2026, 7, 3, 19, 59, tzinfo=UTC): "awaiting",
        }
        found = {now: decide(replace(facts(freezes=(fridays,)), now=now)).decision for now in at}
        assert found == at

    def test_of_every_week_hold_within_their_season(self):
        whole_week = FreezeFacts(id=2, name="Season", windows=(ClockWindow(),), start=NOW, end=NOW + timedelta(hours=3))
        decided = decide(facts(freezes=(whole_week,)))
        assert decided.retry_after == 3 * 3600
        assert decide(replace(facts(freezes=(whole_week,)), now=NOW + timedelta(hours=3))).decision == "awaiting"

    def test_the_one_that_holds_longest_stands_first(self):
        longer = replace(FREEZE, id=2, name="Audit", end=FREEZE.end + timedelta(days=9))
        decided = decide(facts(freezes=(FREEZE, longer)))
        assert [reason.text.split("”")[0] for reason in decided.reasons] == ["Freeze “Audit", "Freeze “Black Friday"]


class TestGuards:
    def test_await_the_other_side_or_their_own_team(self):
        decided = decide(facts(guards=(GUARD,), paths=("auth/login.py", "auth/b.py", "README.md")))
        assert (decided.decision, decided.rule) == ("awaiting", "guard")
        assert decided.reasons[0].text == (
            "“Sign-in” guards auth/login.py and 1 more: it takes an authorisation by Ops (Platform) or Security."
        )
        assert [(one.side, one.team) for one in decided.awaits] == [("ops", PLATFORM), ("", SECURITY)]

    @pytest.mark.parametrize(
        ("by", "decision"), [(OLI, "allowed"), (SEC, "allowed"), (BO, "awaiting"), (ANA, "awaiting")]
    )
    def test_one_of_them_is_enough(self, by, decision):
        assert made(guards=(GUARD,), paths=("auth/a",), verdicts=(said("authorised", by),))[0] == decision

    def test_go_before_templates_and_emergencies(self):
        assert made(guards=(GUARD,), paths=("auth/a",), templates=(TEMPLATE,), emergency=True)[0] == "awaiting"

    def test_cannot_be_excluded_where_the_files_are_not_known(self):
        assert "which files this change touches is not known" in texts(guards=(GUARD,))
        assert made(guards=(GUARD,), environment="staging")[0] == "allowed"

    def test_let_other_files_pass(self):
        assert made(guards=(GUARD,), templates=(TEMPLATE,), paths=("docs/a",))[0] == "allowed"

    def test_a_guarded_service_is_guarded_whole_even_before_production(self):
        whole = GuardFacts(name="Keys", service=7, team=SECURITY)
        assert made(guards=(whole,), environment="staging")[:2] == ("awaiting", "guard")
        assert made(guards=(replace(whole, service=8),), templates=(TEMPLATE,))[0] == "allowed"

    def test_each_guard_wants_its_own_team_but_the_other_side_speaks_for_all(self):
        second = GuardFacts(name="Privacy", paths=("auth/",), team=SHOP)
        known = {"guards": (GUARD, second), "paths": ("auth/a",)}
        assert made(**known, verdicts=(said("authorised", SEC),))[0] == "awaiting"
        assert made(**known, verdicts=(said("authorised", OLI),))[0] == "allowed"

    def test_a_team_does_not_authorise_what_one_of_it_changed(self):
        author = Someone(id=9, name="Di", sides=frozenset({"dev"}), teams=frozenset({"security"}))
        assert (
            made(guards=(GUARD,), paths=("auth/a",), author=author, verdicts=(said("authorised", SEC),))[0]
            == "awaiting"
        )


class TestStandard:
    def test_passes_as_such(self):
        decided = decide(facts(templates=(TEMPLATE,)))
        assert (decided.decision, decided.rule, decided.type) == ("allowed", "template", "standard")
        assert (decided.template, decided.expires_at) == (TEMPLATE, NOW + timedelta(hours=1))

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"paths": ("docs/**",)}, "which ones this change touches is not known"),
            ({"team": SECURITY}, "is for changes by Security, and Ana is not known to be in it"),
            ({"earlier_successes": 3}, "takes 3 earlier successes, and there are 2"),
            ({"suspended": "4 of 10 failed"}, "is suspended: 4 of 10 failed"),
        ],
    )
    def test_one_that_comes_near_says_why_it_does_not_fit(self, changed, words):
        known = {"templates": (replace(TEMPLATE, **changed),), "successes": 2}
        assert made(**known)[0] == "awaiting"
        assert words in texts(**known)

    @pytest.mark.parametrize("changed", [{"service": 8}, {"environment": "staging*"}, {"kind": "config"}])
    def test_one_of_something_else_is_not_mentioned(self, changed):
        assert len(decide(facts(templates=(replace(TEMPLATE, **changed),))).reasons) == 1

    def test_every_path_must_fit(self):
        docs = (replace(TEMPLATE, paths=("docs/**", "*.md")),)
        assert made(templates=docs, paths=("docs/a/b.txt", "lib/README.md"))[0] == "allowed"
        assert "does not cover lib/a.py" in texts(templates=docs, paths=("docs/a", "lib/a.py"))

    def test_its_team_and_its_record_fit(self):
        trusted = (replace(TEMPLATE, team=SHOP, earlier_successes=2),)
        assert made(templates=trusted, successes=2)[0] == "allowed"
        assert made(templates=trusted, successes=2, author=None)[0] == "awaiting"


class TestNormal:
    def test_awaits_the_other_side(self):
        decided = decide(facts())
        assert decided.reasons[0].text == (
            "It is a normal change to production: it takes an authorisation by Ops (Platform)."
        )
        assert (decided.expires_at, decided.retry_after) == (NOW + timedelta(hours=24), 10)

    @pytest.mark.parametrize(
        ("author", "by", "decision"),
        [
            (ANA, OLI, "allowed"),
            (ANA, BO, "awaiting"),
            (OLI, BO, "allowed"),
            (OLI, OLI, "awaiting"),
            (None, OLI, "allowed"),
            (None, BO, "awaiting"),
            (SEC, BO, "allowed"),
            (SEC, OLI, "allowed"),
            (SEC, SEC, "awaiting"),
        ],
    )
    def test_is_authorised_by_the_other_side(self, author, by, decision):
        assert made(author=author, verdicts=(said("authorised", by),))[0] == decision

    def test_whoever_asked_does_not_authorise_whomever_they_named(self):
        assert made(author=None, asker=OLI, verdicts=(said("authorised", OLI),))[0] == "awaiting"
        assert made(author=ANA, asker=OLI, verdicts=(said("authorised", OLI),))[0] == "awaiting"

    def test_one_of_both_sides_needs_somebody_else(self):
        both = replace(ANA, sides=frozenset({"dev", "ops"}))
        assert made(author=both, verdicts=(said("authorised", both),))[0] == "awaiting"
        assert made(author=both, verdicts=(said("authorised", BO),))[0] == "allowed"

    def test_passes_before_production(self):
        assert made(environment="staging")[2] == "A normal change needs no authorisation in staging."

    def test_an_environment_that_the_service_serves_its_users_from_is_production(self):
        assert made(environment="staging", service=replace(CHECKOUT, environment="Staging"))[0] == "awaiting"

    def test_refused_is_prevented_with_the_reason(self):
        assert made(verdicts=(said("refused", OLI, "Not today"),)) == (
            "prevented",
            "refused",
            "Oli refused it (Not today).",
        )

    def test_the_last_word_counts(self):
        refused, overridden = said("refused", OLI), said("overridden", BO, "Now")
        assert made(verdicts=(refused, overridden))[0] == "allowed"
        assert made(verdicts=(overridden, refused))[0] == "prevented"

    def test_an_authorisation_is_no_way_through_a_freeze(self):
        assert made(verdicts=(said("authorised", OLI),), freezes=(FREEZE,))[0] == "prevented"


def test_an_emergency_passes_and_is_reviewed():
    decided = decide(facts(emergency=True))
    assert (decided.decision, decided.rule, decided.type) == ("allowed", "emergency", "emergency")
    assert decided.review_due_at == NOW + timedelta(hours=24)


def test_before_production_there_is_no_emergency_to_review():
    decided = decide(facts(emergency=True, environment="staging"))
    assert (decided.rule, decided.review_due_at) == ("environment", None)


ANYBODY = st.sampled_from([ANA, BO, OLI, SEC])
PATHS = st.none() | st.lists(st.sampled_from(["auth/a.py", "docs/b.md", "lib/c.py"]), max_size=3).map(tuple)
ANY = st.builds(
    facts,
    rollback=st.booleans(),
    emergency=st.booleans(),
    kind=st.sampled_from(["deploy", "flag", "party"]),
    revision=st.sampled_from(["", "4f2a1c"]),
    incident=st.sampled_from([None, 42, 99]),
    environment=st.sampled_from(["production", "prod", "staging", "test-1"]),
    service=st.sampled_from([None, CHECKOUT, CHECKOUT]),
    author=st.none() | ANYBODY,
    asker=st.none() | ANYBODY,
    paths=PATHS,
    incidents=st.lists(st.sampled_from([SEV1, replace(SEV1, number=99, private=True)]), max_size=2).map(tuple),
    freezes=st.lists(st.sampled_from([FREEZE, replace(FREEZE, environment="staging")]), max_size=2).map(tuple),
    guards=st.lists(st.sampled_from([GUARD, GuardFacts(name="All", service=7)]), max_size=2).map(tuple),
    templates=st.lists(st.sampled_from([TEMPLATE, TemplateFacts(id=2, name="Docs", paths=("docs/",))]), max_size=2).map(
        tuple
    ),
    verdicts=st.lists(
        st.builds(said, st.sampled_from(["authorised", "refused", "overridden", "reviewed"]), ANYBODY), max_size=3
    ).map(tuple),
)


@given(ANY)
def test_a_rollback_is_never_prevented(known):
    if known.question.rollback:
        assert decide(known).decision in ("allowed", "invalid")


@given(ANY)
def test_every_decision_has_a_reason_and_the_rule_that_made_it_stands_first(known):
    decided = decide(known)
    assert decided.reasons
    assert decided.reasons[0].rule == decided.rule
    assert all(reason.text.strip() for reason in decided.reasons)


@given(ANY)
def test_whatever_awaits_says_whom_and_until_when(known):
    decided = decide(known)
    assert bool(decided.awaits) == (decided.decision == "awaiting")
    if decided.decision in ("allowed", "awaiting"):
        assert decided.expires_at > NOW


@given(ANY, st.sampled_from([FREEZE, replace(FREEZE, environment="")]))
def test_another_freeze_never_allows_more(known, freeze):
    before = decide(known).decision
    after = decide(replace(known, freezes=(*known.freezes, freeze))).decision
    assert after == before or (before in ("allowed", "awaiting") and after == "prevented")


@given(ANY, st.sampled_from([GUARD, GuardFacts(name="More")]))
def test_another_guard_never_allows_more(known, guard):
    if decide(replace(known, guards=(*known.guards, guard))).decision == "allowed":
        assert decide(known).decision in ("allowed", "awaiting")


@given(ANY)
def test_what_its_author_or_asker_says_for_it_changes_nothing(known):
    for own in filter(None, (known.author, known.asker)):
        assert not may_speak(own, known)
        with_own = replace(known, verdicts=(*known.verdicts, said("authorised", own)))
        assert decide(with_own) == decide(known)


@given(ANY)
def test_only_an_override_is_called_one(known):
    decided = decide(known)
    if decided.overridden:
        assert decided.decision == "allowed"
        assert any(one.kind == "overridden" for one in known.verdicts)
        assert len(decided.reasons) > 1
