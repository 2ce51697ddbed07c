"""Names that nobody knows: one page for all that waits, and what is placed by itself when names or rules change."""

import pytest

from changes.models import Change, Pipeline, PipelineRun
from notifications import outbox
from notifications.models import Event
from oncall import placing, services
from oncall.mapping import Rule
from telemetry.models import Alert
from tests.factories import AlertFactory, ChangeFactory, IntegrationFactory, ServiceFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/unmatched/"


@pytest.fixture
def pipeline():
    return IntegrationFactory(name="Our pipeline", source="github")


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", name="Checkout")


def change(integration, hint="basket", **fields):
    return ChangeFactory(service=None, service_hint=hint, integration=integration, **fields)


def alert(integration, hint="basket", **fields):
    return AlertFactory(service=None, service_hint=hint, integration=integration, **fields)


def run(integration, repository="acme/basket", number="1", **fields):
    return PipelineRun.objects.create(
        integration=integration, repository=repository, external_id=number, pipeline="deliver", **fields
    )


def settle():
    while outbox.react():
        pass


class TestThePage:
    @pytest.mark.parametrize("role", ["responder", "viewer"])
    def test_only_administrators_may_look(self, role):
        assert browser(role).get(PAGE).status_code == 403

    @pytest.mark.parametrize("old", ["/settings/unmatched/changes/", "/settings/unmatched/alerts/"])
    def test_it_is_found_where_two_pages_were(self, old):
        assert browser().get(old).url == PAGE

    def test_without_anything_that_waits_it_says_so(self):
        assert "Every name is known" in browser().get(PAGE).text

    def test_what_came_under_one_name_stands_together(self, pipeline):
        change(pipeline), change(pipeline), alert(pipeline), run(pipeline, "basket")
        change(None, "elsewhere")
        page = browser().get(PAGE).text
        assert "2 changes, 1 pipeline run, 1 alert" in page
        assert "Our pipeline" in page
        assert "the API" in page

    def test_the_likeliest_service_is_one_click_away(self, pipeline, checkout):
        ServiceFactory(slug="billing")
        change(pipeline, "checkout-prod")
        client = browser()
        assert "It is Checkout" in client.get(PAGE).text
        answer = client.post(
            PAGE, {"integration": pipeline.pk, "name": "checkout-prod", "service": "checkout"}, follow=True
        )
        assert "1 change: now of Checkout" in answer.text
        assert Change.objects.get().service == checkout

    def test_assigning_gives_all_that_waits_and_teaches_the_sender(self, pipeline, checkout):
        meant = change(pipeline)
        firing, over = alert(pipeline, group_key="a"), alert(pipeline, status="resolved")
        other = change(None)
        browser().post(PAGE, {"integration": pipeline.pk, "name": "basket", "service": "checkout"})
        assert [one.pk for one in Change.objects.filter(service=checkout)] == [meant.pk]
        assert set(Alert.objects.filter(service=checkout)) == {firing, over}
        assert Change.objects.unmatched().get() == other
        pipeline.refresh_from_db()
        assert pipeline.mapping == {"basket": "checkout"}
        assert [event.payload["alerts"] for event in Event.objects.filter(type="alerts.received")] == [[firing.pk]]
        assert Event.objects.filter(type="change.recorded").count() == 1

    def test_a_repository_is_given_with_its_runs_and_its_pipeline(self, pipeline, checkout):
        Pipeline.objects.create(name="deliver", repository="acme/basket")
        change(pipeline, "", repository="acme/basket")
        run(pipeline)
        browser().post(PAGE, {"integration": pipeline.pk, "name": "acme/basket", "service": "checkout"})
        assert Change.objects.get().service == checkout
        assert PipelineRun.objects.get().service == checkout
        assert Pipeline.objects.get().service == checkout

    def test_what_names_nothing_is_assigned_without_teaching(self, pipeline, checkout):
        alert(pipeline, "")
        browser().post(PAGE, {"integration": pipeline.pk, "name": "", "service": "checkout"})
        pipeline.refresh_from_db()
        assert (Alert.objects.get().service, pipeline.mapping) == (checkout, {})

    def test_a_service_that_does_not_exist_is_refused(self, pipeline):
        change(pipeline)
        answer = browser().post(PAGE, {"integration": pipeline.pk, "name": "basket", "service": "nowhere"})
        assert answer.status_code == 422
        assert "There is no service “nowhere”" in answer.text
        assert Change.objects.unmatched().count() == 1


class TestWhatIsPlacedByItself:
    def save(self, integration, *rules):
        services.update_integration(integration=integration, rules=[Rule(*rule) for rule in rules])
        settle()

    def test_a_rule_gives_what_waits_to_the_service_it_names(self, pipeline, checkout):
        ours, other = change(pipeline, "basket-eu"), change(pipeline, "billing")
        elsewhere = change(IntegrationFactory(), "basket-eu")
        fires = alert(pipeline, "", labels={"team": "basket"})
        runs = run(pipeline, "acme/basket-web")
        self.save(
            pipeline,
            ("name", "basket-*", "checkout"),
            ("label:team", "basket", "checkout"),
            ("repository", "*/basket*", "checkout"),
        )
        assert Change.objects.get(service=checkout) == ours
        assert set(Change.objects.unmatched()) == {other, elsewhere}
        assert Alert.objects.get() == fires
        assert Alert.objects.get().service == checkout
        assert PipelineRun.objects.get(pk=runs.pk).service == checkout

    def test_a_rule_on_a_label_finds_it_in_the_entries_of_a_change(self, pipeline, checkout):
        waits = change(pipeline, "")
        waits.entries.create(state="failed", at=waits.started_at, data={"labels": {"Team": "payments"}})
        self.save(pipeline, ("label:team", "pay*", "checkout"))
        assert Change.objects.get().service == checkout

    def test_a_service_that_is_made_later_takes_what_named_it(self, pipeline):
        change(pipeline, "Basket"), alert(pipeline, "basket"), run(pipeline)
        change(pipeline, "", repository="acme/basket")
        made = services.save_service(slug="basket", name="The basket", repositories=["acme/basket"])
        settle()
        assert {one.service for one in Change.objects.all()} == {made}
        assert Alert.objects.get().service == made
        assert PipelineRun.objects.get().service == made

    def test_a_service_that_is_called_otherwise_takes_what_named_it(self, pipeline, checkout):
        change(pipeline, "basket")
        services.save_service(service=checkout, slug="checkout", name="Basket")
        settle()
        assert Change.objects.get().service == checkout

    def test_a_service_that_is_edited_but_not_renamed_tells_nobody(self, checkout):
        services.save_service(service=checkout, slug="checkout", name="Checkout", description="Takes money")
        assert not Event.objects.filter(type="service.named").exists()

    def test_integrations_follow_a_new_short_name(self, checkout):
        named = IntegrationFactory(
            service="checkout",
            mapping={"basket": "checkout"},
            rules=[{"field": "name", "pattern": "b*", "service": "checkout"}],
        )
        services.save_service(service=checkout, slug="till", name="Checkout")
        named.refresh_from_db()
        assert (named.service, named.mapping, named.rules[0]["service"]) == ("till", {"basket": "till"}, "till")

    def test_many_are_placed_some_at_a_time_and_each_once(self, pipeline, checkout, monkeypatch):
        monkeypatch.setattr(placing, "AT_ONCE", 3)
        for number in range(8):
            change(pipeline, "basket" if number % 2 else "other")
            alert(pipeline, "basket")
        self.save(pipeline, ("name", "basket", "checkout"))
        assert Change.objects.filter(service=checkout).count() == 4
        assert Alert.objects.filter(service=checkout).count() == 8
        assert Event.objects.filter(type="integration.mapped").count() < 10
        told = Event.objects.filter(type="change.recorded").count()
        self.save(pipeline, ("name", "basket", "checkout"))
        assert Event.objects.filter(type="change.recorded").count() == told
