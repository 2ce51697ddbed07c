"""The gate's pages, as people of both sides use them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from changes.gate import weekly
from changes.gate.freezes import save_freeze
from changes.gate.policy import save_template
from changes.gate.suspending import suspend_template
from changes.models import ChangeTemplate, Freeze, GateCheck, Guard
from incidents.services import declare
from oncall.definition.values import WEEKDAYS
from tests.changes.gates import Shop
from tests.factories import PersonFactory

db = pytest.mark.django_db


@pytest.fixture
def shop():
    return Shop()


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer):
    return answer.content.decode()


@db
class TestChecks:
    def test_what_awaits_somebody_stands_first(self, shop):
        waits = shop.ask()
        shop.ask(environment="staging", revision="5e5e5e5")
        page = text(signed_in(shop.oli).get("/changes/gate/"))
        assert page.index("4f2a1c9") < page.index("5e5e5e5")
        assert "takes an authorisation by Ops (Platform)" in page
        assert "5e5e5e5" not in text(signed_in(shop.oli).get("/changes/gate/?decision=awaiting"))
        assert waits.get_absolute_url() in page

    def test_the_other_side_authorises_with_one_button(self, shop):
        asked, client = shop.ask(), signed_in(shop.oli)
        assert 'value="authorise"' in text(client.get(asked.get_absolute_url()))
        answer = client.post(f"/changes/gate/{asked.pk}/say/", {"say": "authorise", "why": ""}, follow=True)
        assert "It was authorised by Oli Ek." in text(answer)
        assert GateCheck.objects.get().decision == "allowed"
        assert 'value="authorise"' not in text(answer)

    def test_the_author_is_offered_to_take_it_back_and_no_more(self, shop):
        page = text(signed_in(shop.ana).get(shop.ask().get_absolute_url()))
        assert "Take it back" in page
        assert 'value="authorise"' not in page
        assert 'value="override"' not in page

    def test_what_lacks_words_is_said(self, shop):
        asked = shop.ask()
        answer = signed_in(shop.bo).post(f"/changes/gate/{asked.pk}/say/", {"say": "override", "why": ""}, follow=True)
        assert "Say why, in a few words" in text(answer)
        assert GateCheck.objects.get().decision == "awaiting"

    def test_an_act_that_there_is_not_does_nothing(self, shop):
        answer = signed_in(shop.oli).post(f"/changes/gate/{shop.ask().pk}/say/", {"say": "delete"})
        assert answer.status_code == 422

    def test_what_one_may_not_is_forbidden(self, shop):
        viewer = signed_in(PersonFactory(role="viewer"))
        asked = shop.ask()
        assert viewer.get(asked.get_absolute_url()).status_code == 200
        assert viewer.post(f"/changes/gate/{asked.pk}/say/", {"say": "authorise"}).status_code == 403
        assert signed_in(shop.sam).post(f"/changes/gate/{asked.pk}/say/", {"say": "authorise"}).status_code == 403

    def test_asking_by_hand_leads_to_the_answer(self, shop):
        given = {"service": "checkout", "environment": "production", "kind": "flag", "description": "New checkout on"}
        answer = signed_in(shop.ana).post("/changes/gate/ask/", given, follow=True)
        assert "It is a normal change to production" in text(answer)
        assert signed_in(shop.ana).post("/changes/gate/ask/", {"service": "nope"}).status_code == 422

    def test_an_emergency_is_listed_until_it_is_reviewed(self, shop):
        asked, client = shop.ask(emergency=True), signed_in(shop.oli)
        assert "Emergency changes to review" in text(client.get("/changes/gate/"))
        client.post(f"/changes/gate/{asked.pk}/say/", {"say": "review", "why": "It was one"})
        assert "Emergency changes to review" not in text(client.get("/changes/gate/"))

    def test_nobody_reads_the_number_of_a_private_incident_but_those_who_take_part(self, shop):
        incident, _ = declare(title="Leak", severity="sev1", services=[shop.checkout], private=True, by=shop.oli)
        asked, link = shop.ask(by=shop.oli, incident=incident.number), f"/incidents/{incident.number}/"
        assert link in text(signed_in(shop.oli).get(asked.get_absolute_url()))
        assert link not in text(signed_in(shop.admin).get(asked.get_absolute_url()))


@db
def test_home_says_what_awaits_me(shop):
    link = shop.ask().get_absolute_url()
    assert link in text(signed_in(shop.oli).get("/"))
    for person in (shop.ana, shop.bo, shop.admin):
        assert link not in text(signed_in(person).get("/"))


@db
class TestFreezes:
    def test_one_is_made_changed_and_lifted(self, shop):
        client, now = signed_in(shop.oli), timezone.now()
        given = {
            "name": "Sales", "timezone": "Europe/Berlin", "environment": "production", "services": ["checkout"],
            "start": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}", "end": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        }  # fmt: skip
        assert "The freeze is made" in text(client.post("/changes/freezes/new/", given, follow=True))
        freeze = Freeze.objects.get()
        assert "holds now" in text(client.get("/changes/freezes/"))
        assert shop.ask().rule == "freeze"
        client.post(f"/changes/freezes/{freeze.pk}/", given | {"services": ["payments"]})
        assert shop.ask().rule == "authorisation"
        client.post(f"/changes/freezes/{freeze.pk}/lift/")
        assert "lifted" in text(client.get("/changes/freezes/"))

    def test_one_of_every_week_is_written_as_people_do(self, shop):
        client = signed_in(shop.oli)
        given = {"name": "Weekends", "timezone": "Europe/Berlin", "windows": "fri-sat 16:00-24:00\n0:00-6:30"}
        client.post("/changes/freezes/new/", given)
        assert Freeze.objects.get().windows == [
            {"weekdays": ["fri", "sat"], "from": "16:00", "to": "24:00"},
            {"weekdays": list(WEEKDAYS), "from": "00:00", "to": "06:30"},
        ]
        assert "fri, sat 16:00-24:00 Europe/Berlin" in text(client.get("/changes/freezes/"))

    @pytest.mark.parametrize("changed", [{"windows": "on fridays"}, {"windows": ""}, {"timezone": "Mars"}])
    def test_one_that_does_not_do_is_refused_with_what_was_filled_in(self, shop, changed):
        given = {"name": "Weekends", "timezone": "UTC", "windows": "fri 16:00-24:00"} | changed
        answer = signed_in(shop.oli).post("/changes/freezes/new/", given)
        assert answer.status_code == 422
        assert "Weekends" in text(answer)
        assert not Freeze.objects.exists()


@db
class TestPolicy:
    def test_an_administrator_keeps_templates_and_guards(self, shop):
        client = signed_in(shop.admin)
        template = {
            "name": "Docs",
            "owner": "shop",
            "paths": "docs/\n*.md",
            "earlier_successes": 0,
            "failures_allowed": 3,
        }
        client.post("/changes/policy/templates/new/", template)
        client.post("/changes/policy/guards/new/", {"name": "Sign-in", "paths": "auth/", "team": "security"})
        assert ChangeTemplate.objects.get().paths == ["docs/", "*.md"]
        assert Guard.objects.get().team == shop.security
        page = text(client.get("/changes/policy/"))
        assert "docs/, *.md" in page
        assert "Security or the other side" in page
        client.post(f"/changes/policy/guards/{Guard.objects.get().pk}/retire/")
        client.post(f"/changes/policy/templates/{ChangeTemplate.objects.get().pk}/act/", {"do": "retire"})
        assert "No standard change yet" in text(client.get("/changes/policy/"))

    def test_others_read_only(self, shop):
        save_template(name="Docs", owner="shop", paths=["docs/"], by=shop.admin)
        client, pk = signed_in(shop.ana), ChangeTemplate.objects.get().pk
        assert client.get(f"/changes/policy/templates/{pk}/").status_code == 200
        for address in ("templates/new/", "guards/new/"):
            assert client.get(f"/changes/policy/{address}").status_code == 403
        assert client.post(f"/changes/policy/templates/{pk}/act/", {"do": "retire"}).status_code == 403

    def test_a_suspended_one_says_why_and_is_resumed(self, shop):
        template = save_template(name="Docs", owner="shop", paths=["docs/"], by=shop.admin)
        suspend_template(template=template, by=shop.ana, why="Broke the build")
        client = signed_in(shop.admin)
        assert "Broke the build" in text(client.get("/changes/policy/"))
        client.post(f"/changes/policy/templates/{template.pk}/act/", {"do": "resume", "why": "Mended"})
        template.refresh_from_db()
        assert template.suspended_at is None


@db
def test_a_freeze_that_has_no_end_in_sight_is_shown(shop):
    save_freeze(name="Always", windows=[{}], by=shop.oli)
    assert "holds now" in text(signed_in(shop.oli).get("/changes/freezes/"))


WINDOWS = st.builds(
    lambda days, opens, closes: {
        "weekdays": [day for day in WEEKDAYS if day in days],
        "from": f"{opens // 60:02d}:{opens % 60:02d}",
        "to": f"{closes // 60:02d}:{closes % 60:02d}",
    },
    st.sets(st.sampled_from(WEEKDAYS), min_size=1, max_size=6),
    st.integers(0, 24 * 60 - 1),
    st.integers(0, 24 * 60),
)


@given(st.lists(WINDOWS, max_size=4))
def test_windows_are_read_as_they_were_written(windows):
    assert weekly.read(weekly.written(windows)) == windows


@pytest.mark.parametrize("line", ["x 10:00-12:00", "mon-tue-wed 10:00-12:00", "mon 10-12", "10:00"])
def test_a_line_that_is_no_window_is_named(line):
    with pytest.raises(ValueError, match=line.split()[0]):
        weekly.read(line)


def test_a_span_of_days_may_go_past_sunday():
    assert weekly.read("Sat-Mon 22:00 – 06:00") == [{"weekdays": ["sat", "sun", "mon"], "from": "22:00", "to": "06:00"}]
