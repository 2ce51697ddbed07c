"""Asking the gate: what is kept, what the ledger says, who may say what, and what comes of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from changes import ledger
from changes.code import record_push
from changes.events import ChangeEvent, Push, PushedCommit
from changes.gate import Question, authorise, check, look_again, override, refuse, review
from changes.gate.checks import expire_due
from changes.gate.freezes import lift_freeze, save_freeze
from changes.gate.policy import retire_template, save_guard, save_template
from changes.gate.reviews import remind_due, unreviewed
from changes.gate.verdicts import may_override
from changes.gate.waiting import waiting_for
from changes.models import Change, Freeze, GateCheck, GateVerdict, LedgerEntry
from changes.seals import seal_due
from changes.verification import verify
from incidents.services import declare
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery, Event
from tests.changes.gates import Shop
from tests.factories import ChangeFactory, ContactMethodFactory, IntegrationFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def shop():
    return Shop()


def frozen(shop, **fields):
    now = timezone.now()
    given = {"name": "Black Friday", "start": now - HOUR, "end": now + HOUR} | fields
    return save_freeze(**given, by=shop.oli)


def deployed(shop, state="succeeded", revision="4f2a1c9", external_id="1", integration=None, **told):
    """What a sender tells of a deploy."""
    event = ChangeEvent(
        external_id=external_id,
        state=state,
        occurred_at=told.pop("at", timezone.now()),
        service_hint="checkout",
        environment="production",
        revision=revision,
        **told,
    )
    return ledger.record(event=event, source="github", integration=integration)


def steps(change):
    return [(entry.state, entry.why) for entry in change.entries.all()]


def decisions_told():
    return Event.objects.filter(type="gate.decided").count()


class TestAsking:
    def test_a_question_and_its_answer_are_kept_and_told(self, shop):
        asked = shop.ask()
        assert (asked.decision, asked.rule, asked.author, asked.asked_by) == (
            "awaiting",
            "authorisation",
            shop.ana,
            shop.ana,
        )
        assert asked.awaits == [{"side": "ops", "team": "platform", "name": "Ops (Platform)"}]
        assert asked.expires_at - asked.asked_at == timedelta(hours=24)
        assert decisions_told() == 1

    def test_the_same_question_again_is_the_same_check(self, shop):
        first = shop.ask()
        assert shop.ask() == first
        assert shop.ask(revision="4f2a1c9aa0b1c2d3e4f5") == first  # the same commit, written whole
        assert shop.ask(by=shop.admin, actor="someone-else") == first
        assert decisions_told() == 1
        assert Change.objects.count() == 1

    @pytest.mark.parametrize(
        "other", [{"revision": "5e5e5e5"}, {"environment": "prod-eu"}, {"kind": "config"}, {"paths": ("docs/a",)}]
    )
    def test_another_question_is_another_check(self, shop, other):
        assert shop.ask() != shop.ask(**other)

    def test_an_answer_for_files_that_were_named_is_none_for_a_question_that_names_none(self, shop):
        save_template(name="Docs", owner="shop", service="checkout", paths=["docs/"], by=shop.admin)
        named = shop.ask(paths=("docs/a", "docs/b"))
        assert (named.decision, shop.ask(paths=("docs/a",))) == ("allowed", named)
        assert shop.ask().decision == "awaiting"
        assert shop.ask(paths=("docs/a", "lib/c")).decision == "awaiting"

    def test_it_is_decided_anew_when_it_is_asked_again(self, shop):
        asked = shop.ask()
        freeze = frozen(shop)
        assert shop.ask() == asked
        assert GateCheck.objects.get().decision == "prevented"
        lift_freeze(freeze=freeze, by=shop.oli)
        assert shop.ask() != asked  # what was prevented is asked anew
        assert shop.ask().decision == "awaiting"

    def test_what_is_not_understood_is_kept_but_not_in_the_ledger(self, shop):
        asked = shop.ask(service="chekcout")
        assert (asked.decision, asked.service_hint, asked.change) == ("invalid", "chekcout", None)
        assert not Change.objects.exists()

    @pytest.mark.parametrize("actor", ["ana", "ANA@example.com", "Ana Ng"])
    def test_the_author_is_found_by_the_name_that_the_pipeline_gives(self, shop, actor):
        assert shop.ask(by=shop.admin, actor=actor).author == shop.ana

    def test_a_name_that_two_have_is_nobodys(self, shop):
        PersonFactory(name="ana ng")
        assert shop.ask(by=shop.admin, actor="Ana Ng").author is None

    def test_paths_given_and_pushed_count_together(self, shop, monkeypatch):
        monkeypatch.setattr("changes.code.paths_of", lambda *_, **__: ["auth/login.py"])
        save_guard(name="Sign-in", paths=["auth/"], team="security", by=shop.admin)
        asked = shop.ask(paths=("docs/a.md",))
        assert (asked.rule, asked.paths) == ("guard", ["auth/login.py", "docs/a.md"])

    def test_what_was_pushed_counts_though_another_repository_is_named(self, shop):
        files = (PushedCommit(sha="4f2a1c9" + "0" * 33, paths=("auth/login.py",)),)
        pushed = Push(repository="acme/checkout", ref="main", before="", after=files[0].sha, commits=files)
        record_push(push=pushed)
        save_guard(name="Sign-in", paths=["auth/"], team="security", by=shop.admin)
        asked = shop.ask(revision=files[0].sha, repository="acme/else", paths=("docs/a.md",))
        assert (asked.rule, asked.paths) == ("guard", ["auth/login.py", "docs/a.md"])

    def test_whatever_length_it_has_it_is_kept(self, shop):
        asked = shop.ask(
            revision="x" * 900, actor="y" * 900, pipeline_url="javascript:alert(1)", description="z" * 90_000
        )
        assert (len(asked.revision), len(asked.actor), asked.pipeline_url) == (100, 200, "")

    def test_numbers_beyond_all_bounds_are_of_no_incident(self, shop):
        assert [shop.ask(incident=number).decision for number in (-1, 0, 2**63, 10**30)] == ["invalid"] * 4

    def test_it_takes_as_many_queries_however_much_there_is(self, shop, django_assert_max_num_queries):
        for number in range(5):
            frozen(shop, name=f"F{number}", environment="elsewhere")
            save_guard(name=f"G{number}", paths=[f"p{number}/"], team="security", by=shop.admin)
            save_template(name=f"T{number}", owner="shop", service="checkout", team="shop", kind="data", by=shop.admin)
        with django_assert_max_num_queries(60):
            shop.ask()


@pytest.mark.django_db(transaction=True)
def test_five_who_ask_the_same_at_once_get_one_check():
    shop = Shop()

    def ask(_):
        try:
            return shop.ask().pk
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(ask, range(5)))) == 1
    assert Change.objects.count() == 1


class TestAuthorising:
    def test_the_other_side_authorises_and_asking_again_finds_it(self, shop):
        asked = authorise(check=shop.ask(), by=shop.oli, why="Looked at it")
        assert (asked.decision, asked.reasons[0]["text"]) == ("allowed", "It was authorised by Oli Ek (Looked at it).")
        assert shop.ask() == asked
        assert steps(asked.change) == [
            ("requested", "It is a normal change to production: it takes an authorisation by Ops (Platform)."),
            ("authorised", "It was authorised by Oli Ek (Looked at it)."),
        ]
        asked.change.refresh_from_db()
        assert (asked.change.state, asked.change.type, asked.change.overridden) == ("authorised", "normal", False)
        assert decisions_told() == 2

    @pytest.mark.parametrize("who", ["ana", "bo", "sam", "admin"])
    def test_nobody_else_does(self, shop, who):
        with pytest.raises(Forbidden):
            authorise(check=shop.ask(), by=getattr(shop, who))
        assert not GateVerdict.objects.exists()

    def test_a_viewer_does_not(self, shop):
        shop.oli.role = "viewer"
        with pytest.raises(Forbidden):
            authorise(check=shop.ask(), by=shop.oli)

    def test_a_change_by_ops_is_authorised_by_dev(self, shop):
        assert authorise(check=shop.ask(by=shop.oli), by=shop.bo).decision == "allowed"

    def test_a_freeze_that_came_meanwhile_prevents(self, shop):
        asked = shop.ask()
        frozen(shop)
        assert authorise(check=asked, by=shop.oli).decision == "prevented"
        assert steps(asked.change)[-1][0] == "requested"

    def test_refused_it_is_prevented_and_asking_again_is_no_way_round(self, shop, time_machine):
        asked = refuse(check=shop.ask(), by=shop.oli, why="Not on a Friday")
        assert (asked.decision, asked.reasons[0]["text"]) == ("prevented", "Oli Ek refused it (Not on a Friday).")
        assert (shop.ask().pk, shop.ask().decision) == (asked.pk, "prevented")
        with pytest.raises(Conflict, match="it is prevented"):
            authorise(check=asked, by=shop.oli)
        time_machine.move_to(timezone.now() + 25 * HOUR)
        assert shop.ask().decision == "awaiting"

    def test_what_somebody_may_authorise_waits_for_them_unless_they_asked(self, shop):
        theirs = shop.ask()
        shop.ask(by=shop.oli, actor="ana", revision="5e5e5e5")
        assert waiting_for(shop.oli) == [theirs]

    def test_the_author_may_take_it_back(self, shop):
        assert refuse(check=shop.ask(), by=shop.ana, why="Found a mistake").decision == "prevented"
        assert shop.ask().decision == "awaiting"

    def test_a_refusal_says_why(self, shop):
        with pytest.raises(InvalidInput):
            refuse(check=shop.ask(), by=shop.oli, why=" ")

    def test_nobody_authorises_in_time(self, shop, time_machine):
        asked = shop.ask()
        time_machine.move_to(timezone.now() + timedelta(hours=24, minutes=1))
        assert GateCheck.objects.get().decision_now == "prevented"
        with pytest.raises(Conflict):
            authorise(check=asked, by=shop.oli)
        assert (expire_due(), expire_due()) == (1, 0)
        asked.refresh_from_db()
        assert (asked.decision, asked.rule) == ("prevented", "expired")
        assert shop.ask() != asked

    def test_a_guard_is_lifted_by_its_own_team(self, shop):
        save_guard(name="Sign-in", paths=["auth/"], team="security", by=shop.admin)
        asked = shop.ask(paths=("auth/login.py",), emergency=True)
        assert [one["name"] for one in asked.awaits] == ["Ops (Platform)", "Security"]
        asked = authorise(check=asked, by=shop.sam)
        assert (asked.decision, asked.rule) == ("allowed", "guard")
        assert asked.review_due_at is not None
        assert GateVerdict.objects.get().side == "Security"

    def test_what_was_said_is_never_altered(self, shop):
        authorise(check=shop.ask(), by=shop.oli)
        for act in (GateVerdict.objects.all().delete, lambda: GateVerdict.objects.update(why="")):
            with pytest.raises(Error, match="append-only"), transaction.atomic():
                act()


class TestOverriding:
    def test_lets_it_through_a_freeze_and_the_ledger_says_so(self, shop):
        frozen(shop)
        asked = override(check=shop.ask(), by=shop.bo, why="Sales are down")
        assert (asked.decision, asked.rule) == ("allowed", "override")
        asked.change.refresh_from_db()
        assert asked.change.overridden
        assert "Bo Li let it through (Sales are down)" in steps(asked.change)[-1][1]
        assert shop.ask() == asked

    @pytest.mark.parametrize(("who", "may"), [("bo", False), ("sam", False), ("oli", True), ("admin", True)])
    def test_of_a_freeze_is_no_way_past_a_guard_for_those_who_may_not_authorise(self, shop, who, may):
        save_guard(name="Sign-in", paths=["auth/"], team="security", by=shop.admin)
        frozen(shop)
        asked, person = shop.ask(paths=("auth/login.py",)), getattr(shop, who)
        assert (asked.rule, [reason["rule"] for reason in asked.reasons][:2]) == ("freeze", ["freeze", "guard"])
        assert may_override(asked, person) is may
        if may:
            assert override(check=asked, by=person, why="It leaks").decision == "allowed"
        else:
            with pytest.raises(Forbidden):
                override(check=asked, by=person, why="It leaks")

    def test_is_not_for_the_author(self, shop):
        frozen(shop)
        with pytest.raises(Forbidden):
            override(check=shop.ask(), by=shop.ana, why="I want to")

    @pytest.mark.parametrize(("who", "may"), [("bo", False), ("sam", False), ("oli", True), ("admin", True)])
    def test_of_what_awaits_the_other_side_is_theirs(self, shop, who, may):
        asked, person = shop.ask(), getattr(shop, who)
        assert may_override(asked, person) is may
        if may:
            assert override(check=asked, by=person, why="Nobody else is there").rule == "override"
        else:
            with pytest.raises(Forbidden):
                override(check=asked, by=person, why="I want to")

    def test_of_a_refusal_is_not_for_the_side_that_was_refused(self, shop):
        asked = refuse(check=shop.ask(), by=shop.oli, why="No")
        with pytest.raises(Forbidden):
            override(check=asked, by=shop.bo, why="But yes")
        assert override(check=asked, by=shop.admin, why="It must be").decision == "allowed"

    def test_says_why_and_is_only_for_what_may_not_pass(self, shop):
        with pytest.raises(InvalidInput):
            override(check=shop.ask(), by=shop.bo, why="")
        with pytest.raises(Conflict, match="may pass already"):
            override(check=shop.ask(rollback=True), by=shop.bo, why="So")
        with pytest.raises(Conflict, match="not be understood"):
            override(check=shop.ask(revision=""), by=shop.bo, why="So")

    def test_is_possible_after_nobody_authorised_in_time(self, shop, time_machine):
        asked = shop.ask()
        time_machine.move_to(timezone.now() + timedelta(hours=23, minutes=59))
        assert override(check=asked, by=shop.oli, why="Now").decision == "allowed"


class TestIncidents:
    @pytest.fixture
    def incident(self, shop, settle):
        incident, _ = declare(title="Payments fail", severity="sev1", services=[shop.payments], by=shop.oli)
        settle()
        return incident

    def entries(self, incident):
        return list(incident.timeline.filter(dedup_key__startswith="gate:").values_list("text", flat=True))

    def test_prevents_and_lets_its_fix_through_and_both_stand_on_its_timeline(self, shop, incident, settle):
        assert shop.ask().rule == "incident"
        fix = shop.ask(incident=incident.number, revision="f1f1f1f")
        assert (fix.decision, fix.rule) == ("allowed", "incident")
        settle()
        prevented, allowed = self.entries(incident)
        assert prevented.startswith("Gate: deploy of 4f2a1c9 to Checkout (production) prevented. sev1 ")
        assert allowed.startswith("Gate: deploy of f1f1f1f to Checkout (production) allowed. It is for sev1 ")

    def test_its_title_is_not_sealed_in_the_ledger_because_it_may_become_private(self, shop, incident):
        shop.ask()
        fix = shop.ask(incident=incident.number, revision="f1f1f1f")
        override(check=shop.ask(revision="a2a2a2a"), by=shop.bo, why="Now")
        told = [fix.reasons, *LedgerEntry.objects.values_list("why", "data")]
        assert f"sev1 {incident.number}" in str(told)
        assert "Payments fail" not in str(told)

    def test_its_practice_prevents_nothing(self, shop, settle):
        declare(title="Game day", severity="sev1", services=[shop.checkout], practice=True, by=shop.oli)
        assert shop.ask().rule == "authorisation"

    def test_a_private_one_prevents_without_a_word_of_what_it_is(self, shop, settle):
        incident, _ = declare(title="Leak", severity="sev1", services=[shop.checkout], private=True, by=shop.oli)
        asked = shop.ask()
        assert asked.rule == "incident"
        assert "Leak" not in str(asked.reasons)
        assert not re.search(rf"\b{incident.number}\b", asked.reasons[0]["text"])
        assert shop.ask(incident=incident.number).decision == "invalid"
        fix = shop.ask(by=shop.oli, actor="ana", incident=incident.number)
        assert (fix.decision, fix.rule) == ("allowed", "incident")
        assert "Leak" not in str(fix.reasons)
        assert shop.ask(actor="ana", incident=incident.number).decision == "invalid"

    def test_rollbacks_pass_and_are_entered(self, shop, incident, settle):
        ChangeFactory(service=shop.checkout, revision="4f2a1c9")
        assert shop.ask(rollback=True).decision == "allowed"
        settle()
        assert self.entries(incident) == [
            "Gate: rollback of 4f2a1c9 to Checkout (production) allowed. It is a rollback, which always passes and is "
            "recorded."
        ]


class TestOneStory:
    def test_what_a_sender_tells_later_joins_what_was_asked(self, shop):
        github = IntegrationFactory(source="github")
        asked = authorise(check=shop.ask(), by=shop.oli)
        for state in ("started", "succeeded"):
            change = deployed(shop, state, revision="4f2a1c9aa0b1c2d3e4f5", integration=github)
        assert change == asked.change
        change.refresh_from_db()
        assert (change.state, change.told_as, change.integration) == ("succeeded", f"github:{github.pk}:1", github)
        assert [state for state, _ in steps(change)] == ["requested", "authorised", "started", "succeeded"]
        assert Change.objects.count() == 1

    def test_the_ledger_still_fits(self, shop):
        authorise(check=shop.ask(), by=shop.oli)
        frozen(shop)
        override(check=shop.ask(revision="5e5e5e5"), by=shop.bo, why="Now")
        for revision in ("4f2a1c9", "5e5e5e5"):
            deployed(shop, "started", revision=revision, external_id=revision, integration=IntegrationFactory())
        assert seal_due() == 6
        assert verify().flaw == ""

    def test_a_deployment_that_was_told_of_before_the_gate_was_asked_is_the_one_asked_about(self, shop):
        change = deployed(shop, "requested", at=timezone.now() - timedelta(seconds=5))
        asked = authorise(check=shop.ask(), by=shop.oli)
        assert asked.change == change
        deployed(shop, "succeeded")
        assert [state for state, _ in steps(change)] == ["requested", "requested", "authorised", "succeeded"]

    def test_a_deploy_that_nobody_asked_about_stands_alone(self, shop):
        asked = shop.ask()
        assert deployed(shop, revision="5e5e5e5") != asked.change
        assert Change.objects.filter(gate_checks=None).count() == 1

    def test_the_same_revision_deployed_twice_is_asked_about_once_each(self, shop):
        asked = authorise(check=shop.ask(), by=shop.oli)
        assert deployed(shop, external_id="1") == asked.change
        assert deployed(shop, external_id="2") != asked.change

    def test_one_that_was_prevented_and_went_on_all_the_same_is_seen(self, shop):
        frozen(shop)
        asked = shop.ask()
        change = deployed(shop)
        assert change == asked.change
        assert "Freeze “Black Friday” holds" in steps(change)[0][1]

    @pytest.mark.django_db(transaction=True)
    def test_however_many_tell_of_it_at_once(self, shop):
        authorise(check=shop.ask(), by=shop.oli)

        def tell(_):
            try:
                return deployed(shop, "started", at=timezone.now().replace(microsecond=0)).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(5) as pool:
            assert len(set(pool.map(tell, range(5)))) == 1
        assert Change.objects.count() == 1


class TestTemplates:
    @pytest.fixture
    def template(self, shop):
        return save_template(
            name="Checkout deploys", owner="shop", service="checkout", environment="production", team="shop",
            failures_allowed=1, by=shop.admin,
        )  # fmt: skip

    def test_authorises_beforehand(self, shop, template):
        asked = shop.ask()
        assert (asked.decision, asked.template) == ("allowed", template)
        asked.change.refresh_from_db()
        assert (asked.change.type, asked.change.state) == ("standard", "authorised")

    def test_the_one_that_authorises_now_is_named(self, shop, template):
        asked = shop.ask()
        second = save_template(name="By anybody", owner="shop", service="checkout", by=shop.admin)
        retire_template(template=template, by=shop.admin)
        assert look_again(asked).template == second

    def test_one_whose_changes_keep_failing_is_suspended_and_its_owners_are_told(self, shop, template, settle):
        ContactMethodFactory(person=shop.bo)
        for number, state in enumerate(("failed", "succeeded", "rolled_back")):
            revision = f"{number}{number}aabbcc"
            assert shop.ask(revision=revision).template == template
            deployed(shop, state, revision=revision, external_id=str(number))
            settle()
        template.refresh_from_db()
        assert template.suspended_why.startswith("2 of its last 3 changes failed or were rolled back")
        assert "is suspended" in Delivery.objects.get(address=shop.bo.email).message["subject"]
        again = shop.ask(revision="99aabbcc")
        assert again.decision == "awaiting"
        assert "“Checkout deploys” is suspended" in again.reasons[1]["text"]


def test_the_other_side_is_told_what_awaits_it_and_the_author_what_came_of_it(shop, settle):
    for person in (shop.oli, shop.ana):
        ContactMethodFactory(person=person)
    asked = shop.ask()
    settle()
    told = Delivery.objects.get()
    assert (told.address, told.queue) == (shop.oli.email, "default")
    assert told.message["subject"] == "Deploy of 4f2a1c9 to Checkout (production) awaits authorisation"
    assert told.message["url"].endswith(f"/changes/gate/{asked.pk}/")
    authorise(check=asked, by=shop.oli)
    settle()
    assert Delivery.objects.get(address=shop.ana.email).message["subject"].endswith("is allowed")


class TestReviews:
    def test_an_emergency_is_reviewed_by_somebody_else(self, shop):
        asked = shop.ask(emergency=True)
        with pytest.raises(Forbidden):
            review(check=asked, by=shop.ana, why="Fine")
        review(check=asked, by=shop.oli, why="It was one, and it holds")
        with pytest.raises(Conflict, match="reviewed already"):
            review(check=asked, by=shop.bo, why="Me too")

    def test_one_that_passed_is_due_though_it_would_not_pass_again(self, shop):
        asked = shop.ask(emergency=True)
        frozen(shop)
        assert shop.ask(emergency=True).decision == "prevented"
        assert list(unreviewed()) == [asked]

    def test_who_forgets_is_told_once(self, shop, time_machine):
        for person in (shop.oli, shop.ana):
            ContactMethodFactory(person=person)
        shop.ask(emergency=True)
        assert remind_due() == 0
        time_machine.move_to(timezone.now() + timedelta(hours=25))
        assert (remind_due(), remind_due()) == (1, 0)
        assert {told.address for told in Delivery.objects.all()} == {shop.oli.email, shop.ana.email}

    def test_a_normal_change_is_not_reviewed(self, shop):
        with pytest.raises(Conflict):
            review(check=shop.ask(), by=shop.oli, why="?")


def test_looking_again_sees_what_is_true_by_then(shop):
    asked = shop.ask()
    frozen(shop)
    assert look_again(asked).decision == "prevented"
    Freeze.objects.update(lifted_at=timezone.now())
    assert look_again(asked).decision == "prevented"  # it was answered; it is asked anew


def test_a_pipeline_without_a_person_may_ask(shop):
    asked = check(question=Question(service="checkout", revision="4f2a1c9"), by=None, integration=IntegrationFactory())
    assert (asked.decision, asked.author) == ("awaiting", None)
    assert authorise(check=asked, by=shop.oli).decision == "allowed"
