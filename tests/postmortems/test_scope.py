"""What a post-mortem is about: incidents added and removed later, near misses, and the template it is written with."""

import pytest

from incidents.models import RoleAssignment
from incidents.services import declare, transition
from notifications import outbox
from notifications.errors import Conflict, InvalidInput
from postmortems import services
from postmortems.models import RequiredTemplate, Template
from tests.factories import IncidentFactory, PersonFactory, ServiceFactory, TimelineEntryFactory
from tests.oncall.personas import api, browser
from tests.postmortems.cases import member, published, resolved, reviewed

pytestmark = pytest.mark.django_db


def require(severity, slug):
    return RequiredTemplate.objects.create(severity=severity, template=Template.objects.get(slug=slug))


def opened(*incidents, **options):
    return services.open_postmortem(incidents=incidents, by=None, **options)


def settle():
    while outbox.react():
        pass


def test_an_incident_added_later_brings_its_timeline_and_its_urgency():
    first, second = resolved(severity="sev3"), resolved(severity="sev1")
    entry = TimelineEntryFactory(incident=second, kind="update", at=second.started_at)
    postmortem = opened(first)
    due = postmortem.due_at
    services.exempt(incident=second, reason="The same", by=None)
    postmortem = services.add_incident(postmortem=postmortem, incident=second, by=None)
    assert set(postmortem.incidents.all()) == {first, second}
    assert postmortem.curated.filter(entry=entry).exists()
    assert postmortem.due_at < due
    second.refresh_from_db()
    assert not hasattr(second, "exemption")
    settle()
    assert second.timeline.filter(text__endswith="is about this incident, too").exists()
    services.add_incident(postmortem=postmortem, incident=second, by=None)
    assert postmortem.incidents.count() == 2


def test_the_entries_of_a_removed_incident_leave_the_timeline_but_not_the_incident():
    first, second = resolved(), resolved()
    kept, left = (TimelineEntryFactory(incident=one, kind="update", at=one.started_at) for one in (first, second))
    postmortem = opened(first, second)
    services.remove_incident(postmortem=postmortem, incident=second, by=None)
    assert [one.entry for one in postmortem.curated.all()] == [kept]
    assert second.timeline.filter(pk=left.pk).exists()
    settle()
    assert second.timeline.filter(text__endswith="is about this incident no more").exists()
    with pytest.raises(InvalidInput, match="not about"):
        services.remove_incident(postmortem=postmortem, incident=second, by=None)
    with pytest.raises(Conflict, match="no other"):
        services.remove_incident(postmortem=postmortem, incident=first, by=None)


def test_sign_offs_were_for_what_it_was_about_before():
    postmortem = reviewed(resolved())
    services.add_incident(postmortem=postmortem, incident=resolved(), by=None)
    assert postmortem.reviews.filter(signed_off_at=None).count() == 2


def test_published_it_stays_about_what_it_is():
    first = resolved()
    postmortem = published(first)
    for act in (services.add_incident, services.remove_incident):
        with pytest.raises(Conflict, match="reopen"):
            act(postmortem=postmortem, incident=first, by=None)
    with pytest.raises(Conflict):
        services.set_services(postmortem=postmortem, services=[], by=None)


def test_an_incident_that_has_one_is_added_only_when_asked_for():
    taken = resolved()
    first, second = opened(taken), opened(resolved())
    with pytest.raises(Conflict, match=f"post-mortem {first.number}"):
        services.add_incident(postmortem=second, incident=taken, by=None)
    services.add_incident(postmortem=second, incident=taken, another=True, by=None)


@pytest.mark.parametrize("role", ["facilitator", "reviewer"])
def test_a_private_incident_is_not_added_where_somebody_concerned_may_not_see_it(role):
    postmortem, person, private = opened(resolved()), member("dev"), IncidentFactory(private=True)
    if role == "facilitator":
        services.set_facilitator(postmortem=postmortem, person=person, by=None)
    else:
        services.ask_reviewer(postmortem=postmortem, person=person, side="dev", by=None)
    with pytest.raises(InvalidInput, match="private"):
        services.add_incident(postmortem=postmortem, incident=private, by=None)
    private.participant_set.create(person=person, how="added")
    services.add_incident(postmortem=postmortem, incident=private, by=None)


def test_who_commanded_the_added_incident_does_not_facilitate():
    postmortem, person, incident = opened(resolved()), PersonFactory(), resolved()
    services.set_facilitator(postmortem=postmortem, person=person, by=None)
    RoleAssignment.objects.create(incident=incident, role="commander", person=person)
    with pytest.raises(InvalidInput, match="commanded"):
        services.add_incident(postmortem=postmortem, incident=incident, by=None)


def test_what_is_written_of_a_private_incident_is_not_opened_by_removing_it():
    private = IncidentFactory(private=True)
    postmortem = opened(resolved(), private)
    services.save_section(postmortem=postmortem, key="summary", body="Of both.", version=0, by=None)
    with pytest.raises(Conflict, match="private"):
        services.remove_incident(postmortem=postmortem, incident=private, by=None)
    services.save_section(postmortem=postmortem, key="summary", body="", version=1, by=None)
    with pytest.raises(Conflict, match="private"):  # its history tells it still
        services.remove_incident(postmortem=postmortem, incident=private, by=None)


def test_a_title_or_a_comment_may_tell_of_a_private_incident_too():
    private = IncidentFactory(private=True, severity="sev1", title="Somebody took a laptop")
    postmortem = opened(resolved(severity="sev3"), private)
    with pytest.raises(Conflict, match="title"):
        services.remove_incident(postmortem=postmortem, incident=private, by=None)
    services.rename(postmortem=postmortem, title="Two at once", by=None)
    comment = services.comment(section=postmortem.sections.first(), body="Whose laptop?", by=member("dev"))
    with pytest.raises(Conflict, match="private"):
        services.remove_incident(postmortem=postmortem, incident=private, by=None)
    comment.delete()
    services.remove_incident(postmortem=postmortem, incident=private, by=None)
    assert list(postmortem.incidents.values_list("private", flat=True)) == [False]


def test_what_was_merged_or_a_false_alarm_is_refused():
    merged = IncidentFactory(merged_into=IncidentFactory())
    alarm = IncidentFactory(status="cancelled")
    for incident, said in ((merged, "merged"), (alarm, "false alarm")):
        with pytest.raises(InvalidInput, match=said):
            opened(incident)
        with pytest.raises(InvalidInput, match=said):
            services.add_incident(postmortem=opened(title="Nearly"), incident=incident, by=None)


def test_practice_may_be_practised_on():
    assert opened(IncidentFactory(practice=True)).sections.exists()


def test_a_near_miss_has_its_own_template_and_tells_its_services():
    service = ServiceFactory()
    postmortem = opened(title="Backup was nearly lost", services=[service])
    assert postmortem.template.slug == "near-miss"
    assert list(postmortem.services.all()) == [service]
    page = browser("viewer").get(f"/postmortems/{postmortem.number}/").text
    assert service.name in page
    assert postmortem.title in browser("viewer").get(f"/postmortems/?service={service.slug}").text


def test_the_severity_asks_for_its_template():
    require("sev1", "learning-review")
    grave, light = IncidentFactory(severity="sev1"), IncidentFactory(severity="sev3")
    assert opened(light).template.slug == "service-reliability"
    with pytest.raises(InvalidInput, match="learning-review"):
        opened(grave, template="concise")
    postmortem = opened(grave)
    assert postmortem.template.slug == "learning-review"
    other = opened(title="Nearly")
    with pytest.raises(InvalidInput, match="Learning review"):
        services.add_incident(postmortem=other, incident=IncidentFactory(severity="sev1"), by=None)


def test_what_opens_by_itself_is_written_with_the_required_template():
    require("sev2", "response-focused")
    incident, _ = declare(title="Down", severity="sev2", by=PersonFactory())
    transition(incident=incident, to="resolved", by=None)
    settle()
    assert incident.postmortems.get().template.slug == "response-focused"


def test_a_retired_template_is_not_offered_any_more():
    Template.objects.filter(slug="concise").update(retired_at="2026-01-01T00:00Z")
    with pytest.raises(InvalidInput, match="retired"):
        opened(resolved(), template="concise")
    assert 'value="concise"' not in browser("responder").get("/postmortems/open/").text


def test_the_page_adds_removes_and_says_what_is_refused():
    first, second = resolved(), resolved()
    postmortem, writer = opened(first), browser("responder")
    address = f"/postmortems/{postmortem.number}/incidents/"
    assert writer.post(address, {"incident": second.pk}).status_code == 302
    assert f"#{second.number}" in writer.get(address).text
    writer.post(f"{address}{first.number}/remove/")
    assert list(postmortem.incidents.all()) == [second]
    refused = writer.post(f"{address}{second.number}/remove/", follow=True)
    assert "add the right one first" in refused.text
    assert writer.post(address, {"incident": ""}).status_code == 422
    assert browser("viewer").get(address).status_code == 403


def test_the_page_of_a_near_miss_names_services():
    service, postmortem, writer = ServiceFactory(), opened(title="Nearly"), browser("responder")
    address = f"/postmortems/{postmortem.number}/incidents/"
    assert writer.post(address, {"services-sent": "1", "services": [service.pk]}).status_code == 302
    assert list(postmortem.services.all()) == [service]


def test_private_incidents_of_others_are_neither_offered_nor_taken():
    private, postmortem = IncidentFactory(private=True), opened(resolved())
    address, writer = f"/postmortems/{postmortem.number}/incidents/", browser("responder")
    assert private.title not in writer.get(address).text
    assert writer.post(address, {"incident": private.pk}).status_code == 422
    answer = api().post(f"/api/v1{address}", {"incident": private.number})
    assert (answer.status_code, "incident" in answer.json()["errors"]) == (400, True)


def test_the_api_adds_and_removes_incidents_and_names_services():
    first, second, service = resolved(), resolved(), ServiceFactory()
    postmortem, program = opened(first), api("responder")
    root = f"/api/v1/postmortems/{postmortem.number}/"
    added = program.post(f"{root}incidents/", {"incident": second.number})
    assert (added.status_code, added.json()["incidents"]) == (200, sorted([first.number, second.number]))
    assert program.delete(f"{root}incidents/{first.number}/").status_code == 204
    assert program.delete(f"{root}incidents/{second.number}/").status_code == 409
    assert program.patch(root, {"services": [service.slug]}).json()["services"] == [service.slug]
    near = program.post("/api/v1/postmortems/", {"title": "Nearly", "services": [service.slug]}).json()
    assert (near["template"], near["services"]) == ("near-miss", [service.slug])
