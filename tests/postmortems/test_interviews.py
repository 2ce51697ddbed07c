"""What somebody told the facilitator is read by nobody else, by no way in, until they release it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.errors import Forbidden, InvalidInput
from notifications.models import Delivery, Event, IdempotentAnswer
from postmortems import services
from postmortems.finding.search import search
from postmortems.models import InterviewNote
from tests.factories import AdministratorFactory, PersonFactory
from tests.postmortems.cases import member, resolved
from tests.routes import routes

pytestmark = pytest.mark.django_db
SECRET, WORD = "Zanzibar", "quagga"  # a page shows the word that was searched for


class Case:
    def __init__(self, **fields):
        self.lead, self.told_by = member("dev"), member("ops")
        incident = resolved(**fields)
        for person in (self.lead, self.told_by):
            incident.participant_set.get_or_create(person=person, defaults={"how": "added"})
        self.postmortem = services.open_postmortem(incidents=[incident], facilitator=self.lead, by=self.lead)
        self.note = services.write_interview(
            postmortem=self.postmortem,
            body=f"**{SECRET}** was on the {WORD} screen.",
            by=self.lead,
            person=self.told_by,
        )

    @property
    def address(self):
        return f"/api/v1/postmortems/{self.postmortem.number}/interviews/"

    @property
    def page(self):
        return f"/postmortems/{self.postmortem.number}/facilitation/"


@pytest.fixture
def case():
    return Case()


@pytest.fixture(params=["told by", "administrator", "superuser", "responder", "viewer"])
def other(request, case):
    return {
        "told by": lambda: case.told_by,
        "administrator": AdministratorFactory,
        "superuser": lambda: AdministratorFactory(is_superuser=True),
        "responder": PersonFactory,
        "viewer": lambda: PersonFactory(role="viewer"),
    }[request.param]()


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_its_writer_reads_it(case, api):
    assert SECRET in signed_in(case.lead).get(case.page).text
    [told] = api(case.lead).get(case.address).json()
    assert (told["body"], told["person"]["email"]) == (f"**{SECRET}** was on the {WORD} screen.", case.told_by.email)


def test_nobody_else_reads_it_by_page_api_or_search(case, other, api):
    assert SECRET not in signed_in(other).get(case.page).text
    assert api(other).get(case.address).json() == []
    assert api(other).get(f"{case.address}{case.note.pk}/").status_code == 404
    assert SECRET not in json.dumps(search(WORD, other), default=str)


def test_no_address_of_the_post_mortem_shows_it_to_an_administrator(case):
    """Every address there is, asked with the numbers of this post-mortem."""
    client = signed_in(AdministratorFactory(is_superuser=True))
    values = {"number": case.postmortem.number, "note": case.note.pk, "pk": case.note.pk, "key": "summary"}
    asked = 0
    for route in routes(lambda route: "postmortems/" in route.template or "/admin/" in route.template):
        if set(route.parameters) <= set(values):
            for query in ("", f"?q={WORD}", "?format=md", "?format=json", "?format=html"):
                answer = client.get(route.address(values) + query)
                assert SECRET not in b"".join(answer).decode(errors="replace"), route.template
                asked += 1
    assert asked > 100


def test_nobody_else_changes_releases_or_deletes_it(case, other, api):
    client, one = signed_in(other), f"/postmortems/{case.postmortem.number}/interviews/{case.note.pk}/"
    for address in (one, f"{one}release/", f"{one}take-back/", f"{one}delete/"):
        data = {f"note-{case.note.pk}-body": "mine"}
        assert client.post(address, data).status_code == 404, address
    for method, body in (("patch", {"body": "mine"}), ("delete", {})):
        assert getattr(api(other), method)(f"{case.address}{case.note.pk}/", body).status_code == 404
    assert api(other).post(f"{case.address}{case.note.pk}/release/").status_code == 404
    kept = InterviewNote.objects.get()
    assert (kept.body, kept.released_at) == (f"**{SECRET}** was on the {WORD} screen.", None)


def test_no_news_and_no_message_speaks_of_it(case, settle):
    settle()
    services.edit_interview(note=case.note, body=f"{SECRET} again", person=None, by=case.lead)
    services.set_meeting(postmortem=case.postmortem, at=timezone.now() + timedelta(days=1), by=case.lead)
    settle()
    assert not Event.objects.filter(payload__icontains=SECRET).exists()
    assert not [one for one in Delivery.objects.all() if SECRET in str(one.message)]


def test_only_the_facilitator_writes_one(case, other, api):
    answer = api(other).post(case.address, {"body": "x"})
    assert answer.status_code == 403
    with pytest.raises(Forbidden):
        services.write_interview(postmortem=case.postmortem, body="x", by=other)
    assert InterviewNote.objects.count() == 1


def test_once_released_all_who_may_see_the_post_mortem_read_it_and_it_can_be_taken_back(case, other, api):
    services.release_interview(note=case.note, by=case.lead)
    assert f"<strong>{SECRET}</strong>" in signed_in(other).get(case.page).text
    assert len(api(other).get(case.address).json()) == 1
    with pytest.raises(Forbidden):
        services.take_back_interview(note=case.note, by=other)
    assert api(other).patch(f"{case.address}{case.note.pk}/", {"body": "mine"}).status_code == 403
    services.take_back_interview(note=case.note, by=case.lead)
    assert SECRET not in signed_in(other).get(case.page).text


def test_released_of_a_private_incident_it_stays_with_those_who_take_part(api):
    case = Case(private=True)
    services.release_interview(note=case.note, by=case.lead)
    assert len(api(case.told_by).get(case.address).json()) == 1
    assert api(AdministratorFactory()).get(case.address).status_code == 404
    assert not InterviewNote.objects.visible_to(AdministratorFactory()).exists()


def test_a_new_facilitator_reads_nothing_of_the_one_before_who_keeps_it(case, api):
    after = member("dev")
    services.set_facilitator(postmortem=case.postmortem, person=after, by=None)
    assert api(after).get(case.address).json() == []
    assert SECRET not in signed_in(after).get(case.page).text
    assert len(api(case.lead).get(case.address).json()) == 1
    services.edit_interview(note=case.note, body="Still mine", person=None, by=case.lead)
    with pytest.raises(Forbidden):
        services.write_interview(postmortem=case.postmortem, body="x", by=case.lead)


def test_a_released_note_is_not_rewritten_and_a_deleted_one_is_gone(case, api):
    client, one = api(case.lead), f"{case.address}{case.note.pk}/"
    assert client.post(f"{one}release/").status_code == 200
    assert client.patch(one, {"body": "else"}).status_code == 409
    assert client.post(f"{one}take-back/").json()["released_at"] is None
    assert client.patch(one, {"body": "else"}).json()["body"] == "else"
    assert client.delete(one).status_code == 204
    assert not InterviewNote.objects.exists()


def test_bad_input_is_refused(case):
    for body, said in (("", "empty"), ("  \n", "empty"), ("x\x00", "NUL"), ("x" * 200_001, "shorten")):
        with pytest.raises(InvalidInput, match=said):
            services.write_interview(postmortem=case.postmortem, body=body, by=case.lead)


def test_its_markdown_is_made_safe(case):
    services.edit_interview(
        note=case.note, body="<script>alert(1)</script> [x](javascript:a)", person=None, by=case.lead
    )
    page = signed_in(case.lead).get(case.page).text
    prose = page[page.index('id="interview-') : page.index("Keep note")]
    assert "<script" not in prose.split("<details")[0]
    assert 'href="javascript' not in page


def test_it_is_written_edited_released_and_deleted_on_the_page(case):
    client, address = signed_in(case.lead), f"/postmortems/{case.postmortem.number}/interviews/"
    assert client.post(address, {"interview-body": "Second\r\nline", "interview-person": ""}).status_code == 302
    second = InterviewNote.objects.last()
    assert "Save note" in client.get(f"{case.page}?note={second.pk}").text
    assert (second.body, second.person) == ("Second\nline", None)
    assert client.post(f"{address}{second.pk}/", {f"note-{second.pk}-body": ""}).status_code == 422
    assert client.post(f"{address}{second.pk}/release/").status_code == 302
    second.refresh_from_db()
    assert second.released_at
    assert client.post(f"{address}{second.pk}/delete/").status_code == 302
    assert InterviewNote.objects.get() == case.note


def test_a_kept_answer_of_the_api_is_given_to_nobody_else(case, api):
    for person, status in ((case.lead, 201), (case.told_by, 403)):
        answer = api(person).post(case.address, {"body": SECRET}, headers={"Idempotency-Key": "same"})
        assert answer.status_code == status
    assert set(IdempotentAnswer.objects.values_list("person", flat=True)) <= {case.lead.pk, case.told_by.pk}


def test_of_an_answer_no_words_are_kept_and_a_repeated_call_is_answered_from_the_note(case, api):
    def write():
        return api(case.lead).post(case.address, {"body": SECRET}, headers={"Idempotency-Key": "once"})

    first = write()
    assert (first.json()["body"], write().json()) == (SECRET, first.json())
    assert InterviewNote.objects.count() == 2
    assert [list(one.body) for one in IdempotentAnswer.objects.all()] == [["id"]]
    services.delete_interview(note=InterviewNote.objects.get(pk=first.json()["id"]), by=case.lead)
    assert write().status_code == 404
    assert InterviewNote.objects.count() == 1
