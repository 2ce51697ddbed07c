"""Comments on a section: threads about its words, replies, settling them, and who hears of it."""

import pytest

from notifications import outbox
from notifications.errors import Conflict, Forbidden, InvalidInput
from notifications.models import Delivery
from postmortems import services
from postmortems.models import Comment
from postmortems.services import comments
from postmortems.text.threads import discussions, stands
from tests.factories import ContactMethodFactory, IncidentFactory, PersonFactory
from tests.oncall.personas import api, browser
from tests.postmortems.cases import published, resolved

pytestmark = pytest.mark.django_db
TEXT = "The queue **grew** for an hour.\n\n- Nobody was paged, as\n  the alert had no `owner`."


@pytest.fixture
def postmortem():
    made = services.open_postmortem(title="Nearly", template="concise", by=None)
    services.save_section(postmortem=made, key="summary", body=TEXT, version=0, by=None)
    return made


@pytest.fixture
def section(postmortem):
    return postmortem.sections.get(key="summary")


def reachable(role="responder", **fields):
    """Somebody who can be told something."""
    return ContactMethodFactory(person=PersonFactory(role=role, **fields)).person


def said(section, body="Why an hour?", by=None, **more):
    return comments.comment(section=section, body=body, by=by or reachable(), **more)


def discussion(postmortem, key="summary"):
    return discussions(postmortem)[key]


def told():
    """Who was told of a comment, and what."""
    while outbox.react():
        pass
    sent = Delivery.objects.filter(dedup_key__startswith="comment:").select_related("method__person")
    return {(one.method.person, one.message["text"]) for one in sent}


def test_a_thread_has_its_replies_in_order(postmortem, section):
    first = said(section, "Why an hour?")
    for body in ("It was lunch.", "I see."):
        comments.reply(thread=first, body=body, by=reachable())
    (thread,) = discussion(postmortem).open
    assert [one.body for one in thread.comments] == ["Why an hour?", "It was lunch.", "I see."]
    answered = comments.reply(thread=thread.replies[0], body="Where?", by=reachable())
    assert answered.thread == first  # threads do not branch


@pytest.mark.parametrize(
    "quote",
    ["The queue grew for an hour.", "queue **grew**", "Nobody was paged, as the alert had no owner", "had\n  no owner"],
)
def test_quoted_words_stand_as_they_are_read_or_written(quote):
    assert stands(quote, TEXT)


def test_words_that_were_rewritten_are_said_to_be(postmortem, section):
    said(section, quote="grew for an hour")
    assert discussion(postmortem).open[0].stands
    services.save_section(postmortem=postmortem, key="summary", body="It grew for a day.", version=1, by=None)
    thread = discussion(postmortem).open[0]
    assert (thread.first.quote, thread.stands) == ("grew for an hour", False)
    assert "since rewritten" in browser("viewer").get(f"/postmortems/{postmortem.number}/").text


def test_one_changes_and_takes_back_what_one_wrote_and_nothing_else(postmortem, section):
    writer, other = reachable(), reachable("administrator")
    first = said(section, by=writer, quote="an hour")
    for act in (comments.edit_comment, comments.withdraw_comment):
        with pytest.raises(Forbidden):
            act(comment=first, by=other, **({"body": "x"} if act is comments.edit_comment else {}))
    assert comments.edit_comment(comment=first, body="How come?", by=writer).edited_at
    comments.reply(thread=first, body="Lunch.", by=other)
    comments.withdraw_comment(comment=first, by=writer)
    (thread,) = discussion(postmortem).open
    assert (thread.first.body, thread.first.quote, thread.replies[0].body) == ("", "", "Lunch.")
    with pytest.raises(Conflict):
        comments.edit_comment(comment=first, body="x", by=writer)


def test_a_thread_of_which_nothing_is_left_is_gone(postmortem, section):
    writer = reachable()
    first = said(section, by=writer)
    comments.withdraw_comment(comment=first, by=writer)
    assert discussion(postmortem).open == []
    with pytest.raises(Conflict):
        comments.reply(thread=first, body="x", by=writer)


def test_a_thread_is_resolved_reopened_and_reopens_when_somebody_answers(postmortem, section):
    first, person = said(section), reachable()
    comments.resolve_thread(thread=first, by=person)
    assert discussion(postmortem).open == []
    assert discussion(postmortem).resolved[0].first.resolved_by == person
    comments.reopen_thread(thread=first, by=person)
    assert discussion(postmortem).resolved == []
    comments.resolve_thread(thread=first, by=person)
    comments.reply(thread=first, body="And yet", by=person)
    assert len(discussion(postmortem).open) == 1


def test_viewers_comment_and_settle_only_what_they_began(section):
    viewer = reachable("viewer")
    mine, theirs = said(section, by=viewer), said(section)
    comments.reply(thread=theirs, body="I wonder, too.", by=viewer)
    assert comments.resolve_thread(thread=mine, by=viewer).resolved_at
    with pytest.raises(Forbidden):
        comments.resolve_thread(thread=theirs, by=viewer)


@pytest.mark.parametrize("body", ["", "  \n", "a\x00b", "x" * 10_001])
def test_what_cannot_be_kept_is_refused(section, body):
    with pytest.raises(InvalidInput):
        said(section, body)
    assert not Comment.objects.exists()


def test_a_long_quotation_is_cut(section):
    assert len(said(section, quote="word " * 200).quote) == 500


def test_readers_go_on_asking_after_it_is_published():
    postmortem = published(resolved())
    signed = postmortem.reviews.filter(signed_off_at=None).count()
    said(postmortem.sections.get(key="summary"), "And what of the backups?", by=reachable("viewer"))
    assert len(discussion(postmortem).open) == 1
    assert postmortem.reviews.filter(signed_off_at=None).count() == signed == 0


def test_the_facilitator_and_those_in_the_thread_are_told_once_and_not_the_writer(postmortem, section):
    facilitator, asker, answerer = reachable(), reachable(), reachable()
    services.set_facilitator(postmortem=postmortem, person=facilitator, by=None)
    first = said(section, "Why?", by=asker)
    assert told() == {(facilitator, "Summary: Why?")}
    comments.reply(thread=first, body="Lunch.", by=answerer)
    comments.reply(thread=first, body="Really.", by=answerer)
    assert {who for who, text in told() if text == "Summary: Lunch."} == {facilitator, asker}
    assert Delivery.objects.filter(dedup_key__startswith="comment:").count() == len(told()) == 5
    comments.reply(thread=first, body="Thanks.", by=asker)
    assert {who for who, text in told() if text == "Summary: Thanks."} == {facilitator, answerer}


def test_without_a_facilitator_whoever_opened_it_is_told():
    opener = reachable()
    postmortem = services.open_postmortem(title="Nearly", template="concise", by=opener)
    said(postmortem.sections.get(key="summary"), "Why?")
    assert {who for who, _ in told()} == {opener}


def test_whoever_may_no_longer_see_it_is_not_told():
    insider, asker = reachable(), reachable()
    incident = IncidentFactory()
    postmortem = services.open_postmortem(incidents=[incident], by=None)
    first = said(postmortem.sections.get(key="summary"), "Why?", by=asker)
    type(incident).objects.update(private=True)
    incident.participant_set.create(person=insider, how="added")
    comments.reply(thread=first, body="A secret.", by=insider)
    assert told() == set()


def test_what_was_taken_back_meanwhile_is_told_to_nobody(postmortem, section):
    services.set_facilitator(postmortem=postmortem, person=reachable(), by=None)
    writer = reachable()
    comments.withdraw_comment(comment=said(section, by=writer), by=writer)
    assert told() == set()


class TestOnThePage:
    def test_the_head_of_a_section_counts_its_open_threads(self, postmortem, section):
        said(section), said(section)
        comments.resolve_thread(thread=said(section), by=reachable())
        page = browser("viewer").get(f"/postmortems/{postmortem.number}/").text
        assert "2 open comments" in page
        assert "1 resolved" in page

    def test_the_facilitator_sees_where_something_waits(self, postmortem, section):
        said(section), said(section)
        page = browser("responder").get(f"/postmortems/{postmortem.number}/facilitation/").text
        assert f'#comments-summary">2 on {section.title}</a>' in page

    def test_without_javascript_forms_do_it_and_lead_back(self, postmortem, section):
        reader = browser("viewer")
        root = f"/postmortems/{postmortem.number}/"
        answer = reader.post(f"{root}sections/summary/comments/", {"body": "Why?\r\nReally?", "quote": "an hour"})
        assert answer.url == f"{root}#comments-summary"
        comment = Comment.objects.get()
        assert (comment.body, comment.quote, comment.by) == ("Why?\nReally?", "an hour", reader.person)
        for act, told in (("reply", {"body": "Hm."}), ("edit", {"body": "How?"}), ("resolve", {}), ("reopen", {})):
            assert reader.post(f"{root}comments/{comment.pk}/{act}/", told).status_code == 302
        page = reader.get(root).text
        assert "How?" in page and "Hm." in page and "edited" in page
        reader.post(f"{root}comments/{comment.pk}/withdraw/")
        assert "Taken back by who wrote it" in reader.get(root).text

    def test_with_htmx_the_discussion_is_answered(self, postmortem, section):
        reader = browser("viewer")
        address = f"/postmortems/{postmortem.number}/sections/summary/comments/"
        answer = reader.post(address, {"body": "Why?"}, headers={"HX-Request": "true"})
        assert 'id="comments-summary"' in answer.text and "1 open comment<" in answer.text
        refused = reader.post(address, {"body": " "}, headers={"HX-Request": "true"})
        assert (refused.status_code, "This is empty" in refused["HX-Trigger"]) == (422, True)

    def test_an_open_page_asks_for_what_is_new_and_hears_nothing_twice(self, postmortem, section):
        reader = browser("viewer")
        root = f"/postmortems/{postmortem.number}/comments/"
        seen = reader.get(f"/postmortems/{postmortem.number}/").context["comments_seen"]
        assert reader.get(root, {"seen": seen}).status_code == 204
        stamps = {seen}
        first = said(section, "Why?")
        for act in (
            lambda: None,
            lambda: comments.edit_comment(comment=first, body="How?", by=first.by),
            lambda: comments.resolve_thread(thread=first, by=first.by),
            lambda: comments.reopen_thread(thread=first, by=first.by),
            lambda: comments.reply(thread=first, body="So.", by=first.by),
            lambda: comments.withdraw_comment(comment=first, by=first.by),
        ):
            act()
            answer = reader.get(root, {"seen": seen})
            assert answer.status_code == 200
            assert 'id="comments-summary"' in answer.text and 'hx-swap-oob="true"' in answer.text
            seen = answer.context["comments_seen"]
            stamps.add(seen)
            assert reader.get(root, {"seen": seen}).status_code == 204
        assert len(stamps) == 6  # reopened, it is as it was before it was resolved

    def test_what_somebody_writes_is_never_run(self, postmortem, section):
        said(section, "<script>alert(1)</script> [x](javascript:alert(1)) ![p](image:abcdefgh)", quote="<img src=x>")
        page = browser("viewer").get(f"/postmortems/{postmortem.number}/").text
        assert "<script>alert" not in page and "javascript:" not in page
        assert "&lt;img src=x&gt;" in page and "/images/abcdefgh" not in page


def test_comments_of_a_private_incident_are_for_those_who_take_part():
    incident = IncidentFactory(private=True)
    postmortem = services.open_postmortem(incidents=[incident], by=None)
    first = said(postmortem.sections.get(key="summary"))
    outsider = browser("administrator")
    root = f"postmortems/{postmortem.number}/comments/"
    assert outsider.get(f"/{root}").status_code == 404
    assert outsider.post(f"/{root}{first.pk}/reply/", {"body": "x"}).status_code == 404
    assert api(person=outsider.person).get(f"/api/v1/{root}").status_code == 404


def test_a_comment_is_only_at_its_own_post_mortem(section):
    first = said(section)
    other = services.open_postmortem(title="Another", by=None)
    root = f"postmortems/{other.number}/comments/{first.pk}/"
    assert browser("responder").post(f"/{root}reply/", {"body": "x"}).status_code == 404
    assert api().patch(f"/api/v1/{root}", {"resolved": True}).status_code == 404


def test_the_api_does_all_that_the_page_does(postmortem):
    program, root = api("viewer"), f"/api/v1/postmortems/{postmortem.number}/comments/"
    begun = program.post(root, {"section": "summary", "body": "Why?", "quote": "an hour"})
    assert begun.status_code == 201, begun.content
    thread = begun.json()
    assert (thread["section"], thread["quote"], thread["quote_stands"]) == ("summary", "an hour", True)
    assert (thread["comments"][0]["body"], thread["comments"][0]["by"]["name"]) == ("Why?", "Viewer")
    replied = program.post(root, {"thread": thread["id"], "body": "Hm."}).json()
    assert [one["body"] for one in replied["comments"]] == ["Why?", "Hm."]
    changed = program.patch(f"{root}{thread['id']}/", {"body": "How?", "resolved": True}).json()
    assert (changed["comments"][0]["body"], changed["resolved_by"]["name"]) == ("How?", "Viewer")
    assert program.get(f"{root}?open=true").json() == []
    assert [one["id"] for one in program.get(f"{root}?section=summary").json()] == [thread["id"]]
    assert program.patch(f"{root}{thread['id']}/", {"resolved": False}).json()["resolved_at"] is None
    assert program.delete(f"{root}{thread['id']}/").status_code == 204
    assert program.get(root).json()[0]["comments"][0]["withdrawn"] is True


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"body": "Why?"}, "section"),
        ({"section": "summary", "thread": 1, "body": "Why?"}, "section"),
        ({"section": "no-such", "body": "Why?"}, "section"),
        ({"section": "summary", "body": " "}, "body"),
        ({"section": "summary"}, "body"),
    ],
)
def test_the_api_says_by_field_what_is_wrong(postmortem, sent, field):
    answer = api().post(f"/api/v1/postmortems/{postmortem.number}/comments/", sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Comment.objects.exists()


def test_the_api_refuses_what_is_another_s(postmortem, section):
    first = said(section)
    program, address = api("responder"), f"/api/v1/postmortems/{postmortem.number}/comments/{first.pk}/"
    assert program.patch(address, {"body": "x"}).status_code == 403
    assert program.delete(address).status_code == 403
    assert program.patch(address, {"resolved": True}).status_code == 200


def test_a_thread_that_was_taken_back_whole_is_not_there_and_a_refused_change_changes_nothing(postmortem, section):
    reader = browser("viewer").person
    own, others = said(section, by=reader), said(section, "Whose?", by=browser("responder").person)
    answer = comments.reply(thread=others, body="Mine.", by=reader)
    root = f"/api/v1/postmortems/{postmortem.number}/comments/"
    refused = api(person=reader).patch(f"{root}{answer.pk}/", {"body": "Else.", "resolved": True})
    answer.refresh_from_db()
    assert (refused.status_code, answer.body) == (403, "Mine.")
    comments.withdraw_comment(comment=own, by=reader)
    assert api(person=reader).patch(f"{root}{own.pk}/", {"resolved": True}).status_code == 404
