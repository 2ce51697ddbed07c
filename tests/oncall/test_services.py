"""People, teams, the catalogue, policies: what may be saved, and what a refusal says."""

from datetime import timedelta

import pytest

from notifications.errors import Conflict, Forbidden, InvalidInput
from oncall import paging, services
from oncall.catalogue import find_service
from oncall.models import Person, Service
from oncall.paging.plans import plan_of_policy
from tests.factories import (
    AdministratorFactory,
    IntegrationFactory,
    PersonFactory,
    PolicyFactory,
    ScheduleFactory,
    ServiceFactory,
    TeamFactory,
    staffed_service,
)

pytestmark = pytest.mark.django_db


def refused(field, function, **given):
    with pytest.raises(InvalidInput) as error:
        function(**given)
    return " ".join(error.value.errors[field])


def test_a_person_without_contact_methods_is_reached_at_their_own_address():
    ana = services.create_person(email="Ana@Example.com", name="Ana", timezone="America/Chicago")
    assert [(m.kind, m.address) for m in ana.contact_methods.all()] == [("email", "ana@example.com")]


def test_contact_methods_keep_their_order():
    methods = [{"kind": "slack", "address": "U1"}, {"kind": "webhook", "address": "https://example.com/x"}]
    ana = services.create_person(email="ana@example.com", name="Ana", contact_methods=methods)
    assert [m.kind for m in ana.contact_methods.all()] == ["slack", "webhook"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ana at home", "“ana at home” is not an e-mail address"),
        ("name", " ", "This is empty"),
        ("timezone", "Europe/Lodnon", "did you mean “Europe/London”?"),
        ("role", "king", "“king” is not known; use administrator, responder, viewer"),
        ("email", "TAKEN@example.com", "Somebody has the address “taken@example.com” already"),
    ],
)
def test_a_person_that_cannot_be_is_refused_with_the_value(field, value, sentence):
    PersonFactory(email="taken@example.com")
    given = {"email": "ana@example.com", "name": "Ana"} | {field: value}
    assert sentence in refused(field, services.create_person, **given)
    assert Person.objects.count() == 1


def test_a_webhook_contact_method_must_be_a_url():
    methods = [{"kind": "webhook", "address": "example"}]
    given = {"email": "ana@example.com", "name": "Ana", "contact_methods": methods}
    assert "is not a URL" in refused("contact_methods[0].address", services.create_person, **given)


def test_only_administrators_make_people_and_everybody_changes_their_own_name():
    bo = PersonFactory()
    with pytest.raises(Forbidden, match="administrator"):
        services.create_person(email="x@example.com", name="X", by=bo)
    assert services.update_person(person=bo, by=bo, name="Bo the Great").name == "Bo the Great"
    with pytest.raises(Forbidden):
        services.update_person(person=bo, by=bo, role="administrator")
    with pytest.raises(Forbidden):
        services.update_person(person=PersonFactory(), by=bo, name="Nobody")


def test_the_last_administrator_stays_one():
    ana = AdministratorFactory()
    with pytest.raises(Conflict, match="last administrator"):
        services.deactivate_person(person=ana, by=ana)
    services.deactivate_person(person=PersonFactory(), by=ana)


def test_the_only_way_to_reach_somebody_cannot_be_removed():
    ana = services.create_person(email="ana@example.com", name="Ana")
    first = ana.contact_methods.get()
    with pytest.raises(Conflict, match="add another"):
        services.remove_contact_method(method=first)
    services.add_contact_method(person=ana, kind="slack", address="U1", by=AdministratorFactory())
    services.remove_contact_method(method=first, by=ana)
    assert ana.contact_methods.get().position == 1


def test_a_team_is_made_and_changed_by_e_mail_addresses():
    ana, bo = PersonFactory(), PersonFactory()
    given = {"slug": "web", "name": "Web", "discipline": "dev"}
    team = services.save_team(**given, members=[ana.email, bo.email], lead=ana.email.upper())
    assert (team.lead, set(team.members.all())) == (ana, {ana, bo})
    team = services.save_team(**given, members=[bo.email], team=team)
    assert list(team.members.all()) == [bo]
    assert "nobody@x.org" in refused("members", services.save_team, **given, members=["nobody@x.org"], team=team)
    assert "“web” is taken" in refused("slug", services.save_team, **given)
    assert "“cooks” is not known" in refused(
        "discipline", services.save_team, **given | {"slug": "c", "discipline": "cooks"}
    )


def test_a_team_that_a_service_names_stays():
    service = staffed_service()
    with pytest.raises(Conflict, match=f"service “{service}”"):
        services.delete_team(team=service.dev_team)


def test_a_service_is_saved_with_all_that_belongs_to_it():
    dev, schedule, policy, db = TeamFactory(), ScheduleFactory(), PolicyFactory(), ServiceFactory()
    service = services.save_service(
        slug="shop",
        name="Shop",
        dev_team=dev.slug,
        stage="dev-run",
        tier=1,
        repositories=["Acme/Shop", "acme/shop"],
        depends_on=[db.slug],
        schedule=schedule.slug,
        policy=policy.slug,
        panels=[{"name": "Errors", "query": "rate(x[5m])", "unit": "%"}],
    )
    assert (service.dev_team, service.schedule, service.policy) == (dev, schedule, policy)
    assert service.repositories == ["acme/shop"]
    assert list(service.depends_on.all()) == [db]
    assert [(p.name, p.unit) for p in service.panels.all()] == [("Errors", "%")]
    again = services.save_service(slug="shop", name="Shop 2", service=service)
    assert (again.pk, again.dev_team, again.panels.count()) == (service.pk, None, 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "not a slug", "use letters, digits, hyphens"),
        ("dev_team", "ghosts", "There is no team “ghosts”"),
        ("stage", "nobody-runs", "use dev-run, shared, ops-run"),
        ("tier", 7, "“7” is not a tier"),
        ("repositories", ["shop"], "“shop” is not a repository; write it as owner/name"),
        ("depends_on", ["shop"], "“shop” cannot depend on itself"),
        ("depends_on", ["ghost"], "There is no service “ghost”"),
        ("schedule", "ghost", "There is no schedule “ghost”"),
    ],
)
def test_a_service_that_cannot_be_is_refused_with_the_value(field, value, sentence):
    assert sentence in refused(field, services.save_service, **{"slug": "shop", "name": "Shop", field: value})
    assert not Service.objects.exists()


def test_every_error_of_a_service_is_told_at_once():
    with pytest.raises(InvalidInput) as error:
        services.save_service(slug="", name="", tier=0, panels=[{"name": "A"}])
    assert set(error.value.errors) == {"slug", "name", "tier", "panels[0].query"}


def test_services_may_depend_on_one_another_in_a_circle():
    a = services.save_service(slug="a", name="A")
    b = services.save_service(slug="b", name="B", depends_on=["a"])
    a = services.save_service(slug="a", name="A", depends_on=["b"], service=a)
    assert (list(a.depends_on.all()), list(b.depends_on.all())) == ([b], [a])


def test_a_service_that_was_paged_for_stays():
    service = staffed_service()
    paging.page(subject="x", service=service)
    with pytest.raises(Conflict, match="page “x”"):
        services.delete_service(service=service)


def test_a_viewer_does_not_write_the_catalogue():
    with pytest.raises(Forbidden, match="you are viewer"):
        services.save_service(slug="shop", name="Shop", by=PersonFactory(role="viewer"))


def test_a_policy_is_saved_step_by_step():
    ana, team = PersonFactory(), TeamFactory(discipline="ops")
    policy = services.save_policy(
        slug="p",
        name="P",
        repeat=1,
        steps=[
            {
                "delay": 3,
                "targets": [{"kind": "seat", "seat": "dev"}, {"kind": "team_lead", "team": team.slug}],
            },
            {"delay": 10, "targets": [{"kind": "person", "person": ana.email}]},
        ],
    )
    plan = plan_of_policy(policy)
    assert [step.delay for step in plan.steps] == [timedelta(minutes=3), timedelta(minutes=10)]
    assert [[(t.kind, t.side) for t in step.targets] for step in plan.steps] == [
        [("seat", "dev"), ("team_lead", "ops")],
        [("person", "")],
    ]
    assert plan.repeat == 1


@pytest.mark.parametrize(
    ("field", "steps", "sentence"),
    [
        ("steps", [], "There are 0 steps"),
        ("steps[0].targets", [{"delay": 5}], "reaches nobody"),
        ("steps[0].delay", [{"delay": 0, "targets": [{"kind": "seat", "seat": "dev"}]}], "“0” does not do"),
        ("steps[0].targets[0].kind", [{"targets": [{"kind": "oracle"}]}], "“oracle” is not known"),
        ("steps[0].targets[0].seat", [{"targets": [{"kind": "seat"}]}], "This is empty"),
        ("steps[0].targets[0].team", [{"targets": [{"kind": "team"}]}], "No team is named"),
        ("steps[0].targets[0].person", [{"targets": [{"kind": "person", "person": "x@y.org"}]}], "x@y.org"),
        ("steps[0].targets[0].address", [{"targets": [{"kind": "channel"}]}], "This is empty"),
        (
            "steps[0].targets[0].address",
            [{"targets": [{"kind": "channel", "address": "ops"}]}],
            "“ops” is not a channel",
        ),
        ("steps[0].targets[0].address", [{"targets": [{"kind": "webhook", "address": "ftp://x"}]}], "is not a URL"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_by_the_path_of_the_error(field, steps, sentence):
    assert sentence in refused(field, services.save_policy, slug="p", name="P", steps=steps)


def test_a_step_may_tell_a_channel_or_a_webhook():
    addresses = {"channel": ["#ops", "#équipe-web", "C0123456789"], "webhook": ["https://hooks.example.com/x?y=1"]}
    targets = [{"kind": kind, "address": address} for kind, found in addresses.items() for address in found]
    policy = services.save_policy(slug="p", name="P", steps=[{"targets": targets}])
    [step] = plan_of_policy(policy).steps
    assert [(target.kind, target.name, target.side) for target in step.targets] == [
        (target["kind"], target["address"], "") for target in targets
    ]


def test_how_long_an_acknowledgement_holds_is_minutes_or_nothing():
    steps = [{"targets": [{"kind": "seat", "seat": "dev"}]}]
    policy = services.save_policy(slug="p", name="P", steps=steps, ack_timeout=30)
    assert policy.ack_timeout == timedelta(minutes=30)
    assert services.save_policy(slug="p", name="P", steps=steps, policy=policy).ack_timeout is None
    for wrong in (0, -5, "soon", True):
        assert "does not do" in refused(
            "ack_timeout", services.save_policy, slug="q", name="Q", steps=steps, ack_timeout=wrong
        )


def test_a_team_that_a_policy_names_stays():
    team = TeamFactory(name="Web")
    targets = [{"kind": "seat", "seat": "dev"}, {"kind": "team", "team": team.slug}]
    policy = services.save_policy(slug="nights", name="Nights", steps=[{"targets": targets}])
    with pytest.raises(Conflict, match="“Web” is a target of nights") as conflict:
        services.delete_team(team=team)
    assert conflict.value.extra == {"policies": ["nights"]}
    services.delete_policy(policy=policy)
    services.delete_team(team=team)


def test_a_policy_in_use_stays():
    service = ServiceFactory(policy=PolicyFactory())
    with pytest.raises(Conflict, match=service.slug):
        services.delete_policy(policy=service.policy)


def test_a_sender_means_the_service_its_integration_maps_then_the_fixed_one():
    shop, db = (
        ServiceFactory(slug="shop", repositories=["acme/shop"]),
        ServiceFactory(slug="db", name="The Database"),
    )
    mapped = IntegrationFactory(mapping={"Checkout-Prod": "shop"}, service="db")
    assert find_service("checkout-prod", integration=mapped) == shop
    assert find_service("shop", integration=mapped) == db
    plain = IntegrationFactory()
    assert find_service("SHOP", integration=plain) == shop
    assert find_service("the database") == db
    assert find_service("", "Acme/Shop") == shop
    assert find_service("ghost", "acme/ghost") is None


def test_a_repository_of_several_services_means_none_of_them():
    for _ in range(2):
        ServiceFactory(repositories=["acme/mono"])
    assert find_service("", "acme/mono") is None
