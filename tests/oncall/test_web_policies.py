"""Escalation policies on the web: whom each step reaches now, and the form in which nothing typed is lost."""

import re

import pytest

from oncall.models import Policy
from tests.factories import (
    ContactMethodFactory,
    MembershipFactory,
    PersonFactory,
    PolicyFactory,
    ScheduleFactory,
    SeatFactory,
    ServiceFactory,
    TeamFactory,
    staffed_service,
)
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Both sides",
    "slug": "both",
    "each_seat": "each",
    "repeat": "2",
    "ack_timeout": "",
    "shape": "2,1",
    "step-0-delay": "5",
    "step-0-0-whom": "Dev on call",
    "step-0-1-whom": "Ops on call",
    "step-1-delay": "10",
    "step-1-0-whom": "Lead of Platform",
    "step-1-0-side": "dev",
}


@pytest.fixture
def client():
    return browser("responder")


@pytest.fixture
def platform():
    return TeamFactory(slug="platform", name="Platform", discipline="ops", lead=PersonFactory(name="Gita Sharma"))


def post(client, path="/policies/new/", **changed):
    return client.post(path, FORM | changed)


def reached(policy):
    return [[str(target) for target in step.targets.all()] for step in policy.steps.all()]


def values(page, name):
    """What stands in the fields whose name ends so."""
    return re.findall(rf'name="step-\d+-(?:\d+-)?{name}"(?: value="([^"]*)")?', page.text)


def test_a_policy_is_written_as_people_speak(client, platform):
    answer = post(client)
    assert (answer.status_code, answer.url) == (302, "/policies/both/")
    policy = Policy.objects.get()
    assert reached(policy) == [["seat dev", "seat ops"], ["team_lead dev"]]
    assert policy.steps.last().targets.get().team == platform
    assert (policy.each_seat, policy.repeat, policy.ack_timeout) == (True, 2, None)


def test_every_kind_of_target_is_understood(client, platform):
    ana = PersonFactory(name="Ana Duarte", email="ana@example.com")
    words = ["dev on call", "ANA DUARTE", "Everybody in Platform", "lead of platform", "#ops", "https://example.com/in"]
    typed = {f"step-0-{number}-whom": word for number, word in enumerate(words)}
    assert post(client, shape="6", **typed).status_code == 302
    targets = list(Policy.objects.get().steps.get().targets.all())
    assert [target.kind for target in targets] == ["seat", "person", "team", "team_lead", "channel", "webhook"]
    assert targets[1].person == ana
    assert [target.address for target in targets[4:]] == ["#ops", "https://example.com/in"]


def test_an_acknowledgement_may_expire(client, platform):
    post(client, ack_timeout="45")
    policy = Policy.objects.get()
    assert policy.ack_timeout.total_seconds() == 45 * 60
    assert 'name="ack_timeout" value="45"' in client.get("/policies/both/edit/").text
    assert "An acknowledgement holds for 45 min" in client.get("/policies/both/").text


def test_the_form_comes_back_as_it_was_filled_in_and_saves_to_the_same(client, platform):
    post(client)
    before = reached(Policy.objects.get())
    page = client.get("/policies/both/edit/")
    assert values(page, "whom") == ["Dev on call", "Ops on call", "Lead of Platform"]
    assert values(page, "delay") == ["5", "10"]
    post(client, "/policies/both/edit/", name="Both of them")
    assert Policy.objects.get().name == "Both of them"
    assert reached(Policy.objects.get()) == before


@pytest.mark.parametrize(
    ("act", "whom", "delays"),
    [
        ("add-step", ["Dev on call", "Ops on call", "Zed", ""], ["5", "10", "5"]),
        ("add-target:0", ["Dev on call", "Ops on call", "", "Zed"], ["5", "10"]),
        ("remove-target:0:0", ["Ops on call", "Zed"], ["5", "10"]),
        ("remove-step:0", ["Zed"], ["10"]),
        ("up:1", ["Zed", "Dev on call", "Ops on call"], ["10", "5"]),
        ("down:0", ["Zed", "Dev on call", "Ops on call"], ["10", "5"]),
        ("up:0", ["Dev on call", "Ops on call", "Zed"], ["5", "10"]),
        ("down:7", ["Dev on call", "Ops on call", "Zed"], ["5", "10"]),
        ("nonsense", ["Dev on call", "Ops on call", "Zed"], ["5", "10"]),
    ],
)
def test_a_button_changes_the_form_keeps_what_was_typed_and_saves_nothing(client, act, whom, delays):
    page = post(client, act=act, name="", **{"step-1-0-whom": "Zed"})
    assert page.status_code == 200
    assert values(page, "whom") == whom
    assert values(page, "delay") == delays
    assert "Nothing was saved" not in page.text
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("step-1-0-whom", "Lead of Platfrm", "did you mean “Lead of Platform”?"),
        ("step-1-0-whom", "Zed", "Nobody here is called “Zed”"),
        ("step-0-delay", "0", "greater than or equal to 1"),
        ("step-0-delay", "soon", "Enter a whole number"),
        ("repeat", "99", "less than or equal to 9"),
        ("slug", "two words", "valid"),
        ("name", "", "required"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(client, platform, field, text, said):
    page = post(client, **{field: text})
    assert page.status_code == 422
    assert said in page.text
    assert 'value="Ops on call"' in page.text
    assert not text or f'value="{text}"' in page.text
    assert not Policy.objects.exists()


def test_a_step_that_reaches_nobody_is_refused_at_that_step(client, platform):
    page = post(client, **{"step-1-0-whom": " "})
    assert page.status_code == 422
    assert "This step reaches nobody" in page.text
    assert 'href="#id_step-1-0-whom">Step 2, reaches</a>' in page.text


@pytest.mark.parametrize("shape", ["9" * 5000, "99,99,-1,x", "1;2", ",,,"])
def test_a_shape_that_no_browser_sends_is_answered_all_the_same(client, shape):
    assert post(client, shape=shape, act="up:1").status_code == 200
    assert post(client, shape=shape).status_code == 422


def test_a_policy_needs_a_step(client):
    page = post(client, shape="")
    assert page.status_code == 422
    assert "There are 0 steps" in page.text


def test_a_name_that_two_people_have_asks_for_the_address(client):
    for _ in range(2):
        PersonFactory(name="Ana")
    page = post(client, **{"step-1-0-whom": "Ana"})
    assert "More than one is called “Ana”; write the e-mail address." in page.text


def test_the_page_draws_who_is_reached_when(client, platform):
    service = staffed_service(slug="shop")
    post(client)
    service.policy = Policy.objects.get(slug="both")
    service.save()
    ContactMethodFactory(person=platform.lead)
    page = client.get("/policies/both/").text
    ladder = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index('class="ladder"') :]))
    assert ladder.index("at once") < ladder.index("Dev Person") < ladder.index("after 5 min")
    assert ladder.index("after 5 min") < ladder.index("Gita Sharma") < ladder.index("after 45 min")
    assert "Reaches nobody now" not in page
    assert 'href="/services/shop/"' in page


def test_an_empty_step_is_marked_takes_no_time_and_says_what_to_do(client):
    TeamFactory(slug="platform", name="Platform")
    schedule = ScheduleFactory(slug="shop")
    SeatFactory(schedule=schedule, name="dev")
    post(client)
    ServiceFactory(policy=Policy.objects.get(), schedule=schedule)
    page = client.get("/policies/both/").text
    assert page.count("Reaches nobody now") == 2
    assert 'nobody is on call on this seat; <a href="/schedules/shop/">fill it</a>' in page
    assert 'nobody leads it; <a href="/teams/platform/">name a lead</a>' in page
    assert "A page would reach nobody now." in page


def test_somebody_whom_nothing_reaches_is_said_in_the_ladder(client, platform):
    post(client)
    assert "Gita Sharma has no working contact method" in client.get("/policies/both/").text


def test_the_ladder_is_drawn_for_the_service_that_is_asked_for(client):
    policy = PolicyFactory(slug="both")
    service = staffed_service(slug="shop")
    assert "depends on the service" in client.get("/policies/both/").text
    assert "Dev Person" in client.get("/policies/both/?service=shop").text
    assert service.policy != policy


def test_places_are_drawn_without_what_may_be_secret(client):
    service = staffed_service(slug="shop")
    typed = {"step-0-0-whom": "#ops", "step-0-1-whom": "https://hooks.example.com/services/T0/s3cret"}
    post(client, shape="2", **typed)
    service.policy = Policy.objects.get(slug="both")
    service.save()
    for path in ("/policies/both/", "/services/shop/"):
        page = browser("viewer").get(path).text
        assert "#ops" in page
        assert "webhook" in page
        assert "s3cret" not in page
    assert "s3cret" in client.get("/policies/both/edit/").text


def test_the_list_says_which_services_use_a_policy(client, platform):
    post(client)
    assert "used by no service" in client.get("/policies/").text
    ServiceFactory(name="Shop", policy=Policy.objects.get())
    page = client.get("/policies/").text
    assert "2 steps in 15 min, repeated 2 times" in page
    assert ">Shop</a>" in page


def test_a_policy_in_use_is_not_deleted(client, platform):
    post(client)
    service = ServiceFactory(slug="shop", policy=Policy.objects.get())
    page = client.post("/policies/both/delete/", follow=True)
    assert "pages for shop; give them another policy first" in page.text
    service.delete()
    assert client.post("/policies/both/delete/").url == "/policies/"
    assert not Policy.objects.exists()


def test_viewers_read_policies_and_change_none():
    PolicyFactory(slug="both")
    viewer = browser("viewer")
    assert viewer.get("/policies/").status_code == viewer.get("/policies/both/").status_code == 200
    for path in ("/policies/new/", "/policies/both/edit/", "/policies/both/delete/"):
        assert viewer.post(path, FORM).status_code == 403


@pytest.mark.parametrize(
    ("stage", "first", "second"),
    [("shared", ["Dev Person", "Ops Person"], []), ("ops-run", ["Ops Person"], ["Dev Person"])],
)
def test_a_service_without_a_policy_has_the_ladder_of_its_stage(client, stage, first, second):
    service = staffed_service(slug="shop", stage=stage)
    service.policy = None
    service.save()
    page = client.get("/services/shop/escalation/")
    people = [[str(one) for target in rung.reached for one in target.people] for rung in page.context["ladder"].rungs]
    assert people[0] == first
    assert people[1][: len(second)] == second
    assert 'href="/services/shop/escalation/"' in client.get("/services/shop/").text


def test_a_lead_who_is_a_member_too_is_named_once(client, platform):
    MembershipFactory(team=platform, person=platform.lead)
    post(client, shape="1", **{"step-0-0-whom": "Everybody in Platform"})
    (rung,) = client.get("/policies/both/").context["ladder"].rungs
    assert [one.people for one in rung.reached] == [[platform.lead]]


def test_a_service_with_a_policy_leads_to_the_policy_for_it(client):
    service = staffed_service(slug="shop")
    assert client.get("/services/shop/escalation/").url == f"/policies/{service.policy.slug}/?service=shop"


def test_a_service_that_reaches_nobody_says_so(client):
    ServiceFactory(slug="lonely")
    page = client.get("/services/lonely/escalation/").text
    assert "A page would reach nobody now." in page
