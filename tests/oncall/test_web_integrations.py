"""The pages of an integration: its rules, its messages, how it does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import rejections
from notifications.models import InboundMessage
from oncall.mapping import Rule, read_rules
from tests.factories import IntegrationFactory, ServiceFactory
from tests.oncall.personas import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def integration():
    return IntegrationFactory(name="Our pipeline", source="event", secret="s3cret")


@pytest.fixture
def checkout():
    return ServiceFactory(slug="checkout", name="Checkout")


def path(integration, rest=""):
    return f"/settings/integrations/{integration.pk}/{rest}"


def message(integration, ago=timedelta(0), **fields):
    count = InboundMessage.objects.count()
    given = {"source": "event", "key": f"key-{count}", "body": b'{"type": "note", "text": "Hi"}', "state": "done"}
    return InboundMessage.objects.create(integration=integration, received_at=timezone.now() - ago, **given | fields)


class TestRules:
    def form(self, *rules, **more):
        form = {"count": len(rules)}
        for place, parts in enumerate(rules):
            form |= {
                f"rule-{place}-{part}": value
                for part, value in zip(("field", "pattern", "service"), parts, strict=True)
            }
        return form | more

    def test_they_are_saved_in_their_order_and_shown(self, integration, checkout):
        client = browser()
        rules = [("repository", "acme/*", "checkout"), ("", "", ""), ("label:team", "pay*", "checkout")]
        page = client.post(path(integration, "rules/"), self.form(*rules), follow=True).text
        integration.refresh_from_db()
        assert read_rules(integration.rules) == [Rule(*rules[0]), Rule(*rules[2])]
        assert "The rules are saved" in page
        assert "acme/*" in page
        assert "acme/*" in client.get(path(integration, "rules/")).text

    def test_a_rule_that_cannot_be_is_said_at_its_place_and_nothing_is_saved(self, integration, checkout):
        form = self.form(("name", "x", "checkout"), ("colour", "", "ghost"))
        answer = browser().post(path(integration, "rules/"), form)
        assert answer.status_code == 422
        for told in ("Rule 2, field", "“colour” is not something", "This is empty", "There is no service “ghost”"):
            assert told in answer.text
        assert 'value="ghost"' in answer.text
        integration.refresh_from_db()
        assert integration.rules is None

    @pytest.mark.parametrize(
        ("act", "patterns"),
        [
            ("add", ["a", "b", ""]),
            ("remove:0", ["b"]),
            ("up:1", ["b", "a"]),
            ("down:0", ["b", "a"]),
            ("up:0", ["a", "b"]),
            ("remove:7", ["a", "b"]),
            ("dance", ["a", "b"]),
        ],
    )
    def test_a_button_changes_what_stands_there_and_saves_nothing(self, integration, act, patterns):
        form = self.form(("name", "a", "x"), ("name", "b", "x"), act=act)
        answer = browser().post(path(integration, "rules/"), form)
        assert answer.status_code == 200
        assert [row.rule.pattern for row in answer.context["editor"].rows] == patterns
        integration.refresh_from_db()
        assert integration.rules is None

    @pytest.mark.parametrize(
        ("tried", "told"),
        [
            ({"try-labels": "team=payments, tier=1"}, "Rule 2 decides: it is Checkout."),
            ({"try-name": "till"}, "The name is mapped to Checkout, before any rule is asked."),
            ({"try-name": "CHECKOUT"}, "No rule fits; it is the short name of Checkout."),
            ({"try-repository": "acme/pay"}, "No rule fits; the repository is one of Checkout."),
            ({"try-name": "ghost"}, "it would wait among the unmatched names"),
            ({"try-name": "gh\0st", "try-labels": "\0=\0"}, "it would wait among the unmatched names"),
        ],
    )
    def test_what_would_this_say(self, integration, checkout, tried, told):
        integration.mapping = {"till": "checkout"}
        integration.save()
        checkout.repositories = ["acme/pay"]
        checkout.save()
        rules = [("name", "x", "checkout"), ("label:team", "pay*", "checkout")]
        assert told in browser().post(path(integration, "rules/"), self.form(*rules, act="try", **tried)).text

    def test_an_address_may_fill_in_what_is_tried(self, integration):
        assert 'value="shop-prod"' in browser().get(path(integration, "rules/?name=shop-prod")).text

    @pytest.mark.parametrize("count", ["", "x", "-1", "99999", "9" * 5000])
    def test_a_form_that_counts_wrong_is_read_all_the_same(self, integration, count):
        answer = browser().post(path(integration, "rules/"), {"count": count, "act": "add"})
        assert answer.status_code == 200


class TestChanging:
    def test_its_name_its_service_and_its_names_are_changed(self, integration, checkout):
        client = browser()
        assert 'value="Our pipeline"' in client.get(path(integration, "edit/")).text
        client.post(path(integration, "edit/"), {"name": "CI", "service": "checkout", "mapping": "web = checkout"})
        integration.refresh_from_db()
        assert (integration.name, integration.service, integration.mapping) == ("CI", "checkout", {"web": "checkout"})

    def test_what_cannot_be_is_said_at_its_field(self, integration):
        answer = browser().post(path(integration, "edit/"), {"name": "CI", "mapping": "web = ghost"})
        assert answer.status_code == 422
        assert "There is no service “ghost”" in answer.text

    def test_one_that_was_disabled_is_enabled_again(self, integration):
        client = browser()
        client.post(path(integration, "disable/"))
        assert "its address answers 404" in client.get(path(integration)).text
        client.post(path(integration, "enable/"))
        sent = {"content_type": "text/plain", "headers": {"Authorization": "Bearer s3cret"}}
        assert client.post(integration.path, "deployed 4f2a1c", **sent).status_code == 202


class TestMessages:
    def test_they_are_listed_with_what_came_of_them_and_narrowed(self, integration):
        message(integration, outcome="1 change", attempts=1)
        message(integration, state="failed", outcome="LookupError: gone", attempts=12)
        client = browser()
        page = client.get(path(integration)).text
        assert "1 change" in page
        assert "12 attempts" in page
        assert "1 message of the last 24 hours could not be processed" in page
        failed = client.get(path(integration, "?show=failed")).text
        assert "LookupError: gone" in failed
        assert "1 change" not in failed

    def test_one_shows_what_it_said_and_what_it_was_read_as(self, integration):
        body = b'{"type": "note", "text": "Hi there", "token": "hush", "url": "https://ana:hush@example.com/"}'
        one = message(integration, body=body, headers={"User-Agent": "curl", "X-Secret": "hush"})
        page = browser().get(path(integration, f"deliveries/{one.pk}/")).text
        for told in ("Hi there", "curl", "Note", one.key):
            assert told in page
        assert "hush" not in page

    @pytest.mark.parametrize("body", [b"", b"\x00\xff", b"{", "ü".encode() * 100_000, b"<script>alert(1)</script>"])
    def test_any_body_is_shown(self, integration, body):
        one = message(integration, body=body, state="ignored")
        answer = browser().get(path(integration, f"deliveries/{one.pk}/"))
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text

    def test_one_that_waits_looks_again_by_itself(self, integration):
        one = message(integration, state="waiting")
        address = path(integration, f"deliveries/{one.pk}/")
        assert 'hx-trigger="load delay:2s"' in browser().get(address).text
        InboundMessage.objects.update(state="done")
        assert "load delay" not in browser().get(address).text

    def test_all_that_failed_is_processed_again(self, integration):
        for _ in range(3):
            message(integration, state="failed")
        page = browser().post(path(integration, "replay-failed/"), follow=True).text
        assert "3 messages are processed again" in page
        assert InboundMessage.objects.filter(state="waiting").count() == 3

    def test_a_message_of_another_integration_is_not_found_here(self, integration):
        one = message(IntegrationFactory())
        assert browser().get(path(integration, f"deliveries/{one.pk}/")).status_code == 404

    @pytest.mark.parametrize("rest", ["", "rules/", "edit/", "deliveries/1/"])
    def test_responders_do_not_look(self, integration, rest):
        assert browser("responder").get(path(integration, rest)).status_code == 403


class TestHowItDoes:
    def test_one_that_spoke_this_day_a_week_ago_and_is_silent_now_is_said_to_be(self, integration):
        for hours in (170, 175, 180):
            message(integration, timedelta(hours=hours))
        client = browser()
        assert (
            "It sent nothing in the last 24 hours; on the same day a week ago it sent 3"
            in client.get(path(integration)).text
        )
        assert "silent" in client.get("/settings/integrations/").text

    @pytest.mark.parametrize("hours", [[1, 170, 175, 180], [170, 175], [60, 65, 70]])
    def test_one_that_speaks_seldom_or_still_is_not_silent(self, integration, hours):
        for ago in hours:
            message(integration, timedelta(hours=ago))
        assert "It sent nothing" not in browser().get(path(integration)).text
        assert "silent" not in browser().get("/settings/integrations/").text

    def test_refused_requests_are_worth_knowing(self, integration):
        client = browser()
        for _ in range(3):
            client.post(integration.path, "x", "text/plain", headers={"Authorization": "Bearer guess"})
        page = client.get(path(integration)).text
        assert "3 requests were refused with 401 in the last 24 hours." in page
        assert "does not match a live secret" in page
        assert "requests refused" in client.get("/settings/integrations/").text

    def test_it_is_known_which_of_two_secrets_is_still_used(self, integration):
        rejections.note_use(integration.secrets.get())
        integration.secrets.create(secret="newer")
        page = browser().get(path(integration)).text
        assert "last used" in page
        assert "not used yet" in page

    def test_the_address_for_one_line_is_shown_without_its_secret(self, integration):
        page = browser().get(path(integration)).text
        assert "/e/" in page
        assert "s3cret" not in page

    def test_the_list_takes_no_more_queries_for_more_of_them(self, integration, django_assert_max_num_queries):
        for _ in range(5):
            message(IntegrationFactory())
        client = browser()
        with django_assert_max_num_queries(4):
            client.get("/settings/integrations/")
