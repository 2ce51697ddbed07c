"""Of a private incident, those who take no part see nothing here either: not administrators, by no way in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from incidents.models import Verdict
from postmortems import services, trends
from postmortems.finding.search import search
from postmortems.finding.seen_before import for_incident
from postmortems.models import Action, Article, Postmortem, Problem
from tests.factories import AdministratorFactory, ChangeFactory, IncidentFactory, PersonFactory, ServiceFactory
from tests.postmortems.cases import published, resolved

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"


class Private:
    """A private incident with everything that can come out of one."""

    def __init__(self):
        self.service = ServiceFactory()
        self.incident = resolved(severity="sev1", title=SECRET, private=True, services=[self.service])
        self.insider = self.incident.declared_by
        Verdict.objects.create(incident=self.incident, change=ChangeFactory(), verdict="confirmed", rank=1)
        self.postmortem = published(self.incident, title=SECRET)
        late = timezone.localdate() - timedelta(days=3)
        self.action = services.create_action(title=f"{SECRET} action", by=None, postmortem=self.postmortem, due_on=late)
        self.problem = services.open_problem(
            title=f"{SECRET} problem", by=None, postmortem=self.postmortem, services=[self.service]
        )
        services.mark_known_error(problem=self.problem, by=None, cause_notes=SECRET)
        self.linked_action = services.create_action(title=f"{SECRET} too", by=None, due_on=late)
        services.link_problem(problem=self.problem, by=None, actions=[self.linked_action])
        self.articles = [
            services.write_article(title=SECRET, issue="x", by=None, services=[self.service], **link)
            for link in ({"postmortems": [self.postmortem]}, {"problems": [self.problem]})
        ]


@pytest.fixture
def private():
    return Private()


@pytest.fixture(params=[PersonFactory, AdministratorFactory, lambda: PersonFactory(is_superuser=True)])
def outsider(request):
    return request.param()


def test_those_who_take_part_see_all_of_it(private):
    for model, number in ((Postmortem, 1), (Action, 2), (Problem, 1), (Article, 2)):
        assert model.objects.visible_to(private.insider).count() == number


def test_records_are_hidden(private, outsider):
    for model in (Postmortem, Action, Problem, Article):
        assert not model.objects.visible_to(outsider).exists()


def test_search_finds_nothing(private, outsider):
    assert set(search(SECRET, private.insider)) == {"incidents", "postmortems", "problems", "articles", "actions"}
    assert search(SECRET, outsider) == {}
    assert not {"incidents", "postmortems", "problems", "articles"} & set(search("1", outsider))


def test_what_was_seen_before_shows_nothing(private, outsider):
    incident = IncidentFactory(title=SECRET)
    incident.services.add(private.service)
    assert for_incident(incident, private.insider)
    assert not for_incident(incident, outsider)


def test_figures_count_nothing_and_show_no_rows(private, outsider):
    filters = trends.parse(until=(timezone.now() + timedelta(days=1)).isoformat())
    for name in trends.FIGURES:
        if name != "improvement-time":  # hours of teams: no incident stands behind them
            assert trends.figure(name, user=private.insider, filters=filters).rows, name
        found = trends.figure(name, user=outsider, filters=filters)
        assert (found.rows, found.series, found.n) == ([], [], 0), name


def test_the_api_lists_nothing_and_answers_404(private, outsider, api):
    client = api(outsider)
    for part in ("postmortems", "actions", "problems", "knowledge"):
        assert client.get(f"/api/v1/{part}/").json()["results"] == []
    post = f"postmortems/{private.postmortem.number}"
    for path in (
        f"{post}/",
        f"{post}/export?format=md",
        f"{post}/sections/summary/",
        f"{post}/sections/summary/revisions/",
        f"{post}/sections/summary/language/",
        f"{post}/factors/",
        f"{post}/reviewers/",
        f"{post}/timeline/",
        f"actions/{private.action.number}/",
        f"actions/{private.linked_action.number}/",
        f"problems/{private.problem.number}/",
        f"knowledge/{private.articles[0].number}/",
        f"incidents/{private.incident.number}/seen-before/",
    ):
        assert client.get(f"/api/v1/{path}").status_code == 404, path
        assert api(private.insider).get(f"/api/v1/{path}").status_code == 200, path


def test_nothing_can_be_changed_from_outside(private, outsider, api):
    client, post = api(outsider), f"/api/v1/postmortems/{private.postmortem.number}"
    before = private.postmortem.sections.get(key="summary").body
    for method, path, body in (
        ("patch", f"{post}/sections/summary/", {"version": 1, "body": "x"}),
        ("post", f"{post}/transition/", {"to": "reopened", "reason": "x"}),
        ("post", f"{post}/sign-off/", {}),
        ("post", f"/api/v1/actions/{private.action.number}/transition/", {"to": "done"}),
        ("post", f"/api/v1/problems/{private.problem.number}/known-error/", {"cause_notes": "x"}),
        ("post", f"/api/v1/incidents/{private.incident.number}/exemption/", {"reason": "x"}),
    ):
        assert getattr(client, method)(path, body).status_code == 404, path
    assert private.postmortem.sections.get(key="summary").body == before


def test_numbers_of_what_is_hidden_are_refused_as_if_they_did_not_exist(private, outsider, api):
    client = api(outsider)
    hidden = client.post("/api/v1/postmortems/", {"incident": private.incident.number})
    absent = client.post("/api/v1/postmortems/", {"incident": 999_999})
    assert hidden.status_code == absent.status_code == 400
    told = hidden.json()["errors"]["incident"][0].replace(str(private.incident.number), "N")
    assert told == absent.json()["errors"]["incident"][0].replace("999999", "N")
    for path, body in (
        ("actions", {"title": "x", "postmortem": private.postmortem.number}),
        ("problems", {"title": "x", "incidents": [private.incident.number]}),
        ("knowledge", {"title": "x", "issue": "x", "problems": [private.problem.number]}),
    ):
        assert client.post(f"/api/v1/{path}/", body).status_code == 400


def test_links_to_what_is_hidden_are_left_out_of_what_is_seen(private, outsider, api):
    open_to_all = services.open_problem(title="Open", by=None)
    services.transition_problem(
        problem=open_to_all, to="resolved", by=None, outcome="duplicate", duplicate_of=private.problem
    )
    services.link_problem(problem=open_to_all, by=None, actions=[private.action])
    answer = api(outsider).get(f"/api/v1/problems/{open_to_all.number}/").json()
    assert (answer["actions"], answer["duplicate_of"]) == ([], None)
    assert SECRET not in str(answer)


def test_a_post_mortem_over_a_public_and_a_private_incident_is_hidden(outsider):
    public, private = IncidentFactory(), IncidentFactory(private=True)
    services.open_postmortem(incidents=[public, private])
    assert not Postmortem.objects.visible_to(outsider).exists()


def test_nobody_sees_anything_once_they_are_no_longer_active(private):
    private.insider.is_active = False
    for model in (Postmortem, Action, Problem, Article):
        assert not model.objects.visible_to(private.insider).exists()
