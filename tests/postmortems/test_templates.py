"""Templates and the taxonomy of factors, as administrators edit them."""

import pytest

from notifications.errors import Conflict, Forbidden, InvalidInput
from postmortems import services
from postmortems.builtin import TEMPLATES
from postmortems.canonical import KEYS, Part, complaints
from postmortems.forms.templates import Row, changed
from postmortems.lifecycle import SUMMARY_KEYS
from postmortems.models import Factor, RequiredTemplate, Template
from postmortems.services import taxonomy, templates
from tests.factories import IncidentFactory, PersonFactory
from tests.oncall.personas import api, browser
from tests.postmortems.cases import published, resolved

PARTS = [Part("summary", "Summary", ("What happened?",)), Part("ours", "Ours", ())]


def made(name="Ours", sections=PARTS, **more):
    return templates.save_template(name=name, sections=sections, by=None, **more)


def keys(template):
    return [section.key for section in template.sections.all()]


def test_every_built_in_template_is_made_of_canonical_sections_and_can_be_published():
    for builtin in TEMPLATES:
        parts = [Part(part.key, part.title, part.questions) for part in builtin.sections]
        assert complaints(parts) == []
        assert {part.key for part in parts} <= set(KEYS)
    assert set(SUMMARY_KEYS) <= set(KEYS)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], "at least one section"),
        ([Part("impact", "Impact")], "summary or overview"),
        ([*PARTS, Part("summary", "Again")], "Two sections have the key 'summary'"),
        ([*PARTS, Part("No Key!", "x")], "'No Key!' is no key"),
        ([*PARTS, Part("", "x")], "'' is no key"),
        ([*PARTS, Part("luck", "")], "give it a title"),
        ([*PARTS, Part("luck", "x" * 101)], "give it a title"),
        ([*PARTS, Part("luck", "Luck", ("?",) * 21)], "too many to ask"),
        ([*PARTS, Part("luck", "Luck", ("?" * 501,))], "longer than 500"),
        ([*PARTS, Part("luck", "Lu\x00ck")], "NUL"),
        ([*PARTS, *(Part(f"s{n}", "x") for n in range(40))], "40 at most"),
    ],
)
def test_no_template_is_made_of_that(parts, said):
    assert any(said in complaint for complaint in complaints(parts))


def test_buttons_move_rows_and_lose_none():
    rows = [Row("summary", title="a"), Row("impact", title="b"), Row("luck", title="c")]
    titles = lambda act: "".join(row.title for row in changed(rows, act))  # noqa: E731
    assert (titles("up:1"), titles("down:1"), titles("remove:0")) == ("bac", "acb", "bc")
    assert [titles(act) for act in ("up:0", "down:2", "up:9", "down:x", "nothing")] == ["abc"] * 5
    assert len(changed(rows, "add")) == 4


@pytest.mark.django_db
class TestTemplates:
    def test_what_is_changed_holds_for_those_that_come(self):
        template = made()
        before = services.open_postmortem(title="One", template=template.slug)
        templates.save_template(
            template=template, name="Theirs", sections=[Part("overview", "All", ("Why?",))], by=None
        )
        after = services.open_postmortem(title="Two", template=template.slug)
        assert [section.key for section in before.sections.all()] == ["summary", "ours"]
        assert [(section.key, section.questions) for section in after.sections.all()] == [("overview", ["Why?"])]
        assert template.slug == "ours"

    def test_names_are_told_apart_and_slugs_are_never_used_twice(self):
        made("Ours")
        with pytest.raises(InvalidInput, match="another name"):
            made("OURS")
        templates.save_template(template=Template.objects.get(slug="ours"), name="Else", sections=PARTS, by=None)
        assert made("Ours").slug == "ours-2"

    def test_a_built_in_one_is_edited_and_put_back(self):
        concise = Template.objects.get(slug="concise")
        original = list(concise.sections.values_list("key", "title", "questions"))
        templates.save_template(template=concise, name="Short", sections=PARTS, by=None)
        templates.reset_template(template=concise, by=None)
        concise.refresh_from_db()
        assert (concise.name, list(concise.sections.values_list("key", "title", "questions"))) == ("Concise", original)
        with pytest.raises(Conflict, match="your own"):
            templates.reset_template(template=made(), by=None)

    def test_a_retired_one_stays_where_it_was_used_and_comes_back(self):
        template = made()
        postmortem = services.open_postmortem(title="One", template=template.slug)
        templates.retire_template(template=template, by=None)
        assert postmortem.sections.count() == 2
        with pytest.raises(InvalidInput, match="retired"):
            services.open_postmortem(title="Two", template=template.slug)
        templates.restore_template(template=template, by=None)
        services.open_postmortem(title="Two", template=template.slug)

    def test_what_something_asks_for_is_not_retired(self):
        template = made()
        templates.require_template(severity="sev1", template=template, by=None)
        for needed, said in (
            (template, "must be written"),
            *((Template.objects.get(slug=s), "unless") for s in DEFAULTS),
        ):
            with pytest.raises(Conflict, match=said):
                templates.retire_template(template=needed, by=None)
        templates.require_template(severity="sev1", template=None, by=None)
        templates.retire_template(template=template, by=None)
        with pytest.raises(InvalidInput, match="retired"):
            templates.require_template(severity="sev1", template=template, by=None)
        with pytest.raises(InvalidInput, match="sev9"):
            templates.require_template(severity="sev9", template=None, by=None)

    def test_only_administrators_change_them(self):
        by, template = PersonFactory(role="responder"), made()
        for act in (
            lambda: templates.save_template(name="x", sections=PARTS, by=by),
            lambda: templates.retire_template(template=template, by=by),
            lambda: templates.restore_template(template=template, by=by),
            lambda: templates.reset_template(template=template, by=by),
            lambda: templates.require_template(severity="sev1", template=template, by=by),
            lambda: taxonomy.save_factor(name="x", by=by),
            lambda: taxonomy.retire_factor(factor=Factor.objects.first(), by=by),
        ):
            with pytest.raises(Forbidden):
                act()
        for address in ("templates/", "templates/new/", "templates/ours/edit/", "factors/", "factors/data/"):
            assert browser("responder").get(f"/settings/{address}").status_code == 403


DEFAULTS = ("service-reliability", "near-miss")


def filled(*rows, **more):
    """What the form sends."""
    sent = {"name": "Ours", "description": "", "rows": str(len(rows)), "do": "save"} | more
    for index, row in enumerate(rows):
        sent |= {
            f"{name}-{index}": value for name, value in zip(("chosen", "own", "title", "questions"), row, strict=True)
        }
    return sent


@pytest.mark.django_db
class TestInSettings:
    def test_a_template_is_made_and_edited(self):
        admin = browser()
        rows = [("summary", "", "", "What?\r\n\r\nHow?"), ("own", "Blast_radius", "How far", ""), ("", "", "", "")]
        assert admin.post("/settings/templates/new/", filled(*rows)).status_code == 302
        template = Template.objects.get(slug="ours")
        told = [(part.key, part.title, part.questions) for part in template.sections.all()]
        assert told == [("summary", "Summary", ["What?", "How?"]), ("blast_radius", "How far", [])]
        page = admin.get("/settings/templates/ours/edit/").text
        assert 'value="blast_radius"' in page and "What?\nHow?" in page
        admin.post("/settings/templates/ours/edit/", filled(rows[1], rows[0], name="Theirs"))
        template.refresh_from_db()
        assert (template.name, keys(template)) == ("Theirs", ["blast_radius", "summary"])
        assert "How far" in admin.get("/settings/templates/ours/preview/").text

    def test_buttons_beside_the_sections_keep_what_was_typed_and_save_nothing(self):
        rows = [("summary", "", "One", "Why?"), ("luck", "", "Two", "")]
        page = browser().post("/settings/templates/new/", filled(*rows, do="down:0")).text
        assert page.index('value="Two"') < page.index('value="One"')
        assert "Why?" in page and 'value="Ours"' in page
        assert not Template.objects.filter(name="Ours").exists()

    def test_what_is_refused_is_said_and_kept_in_the_form(self):
        answer = browser().post("/settings/templates/new/", filled(("luck", "", "Fortune", "")))
        assert answer.status_code == 422
        assert "tells a reader what it is about" in answer.text and 'value="Fortune"' in answer.text

    def test_a_copy_begins_with_the_sections_of_another(self):
        page = browser().get("/settings/templates/new/?from=concise").text
        assert "Copy of Concise" in page and "What limited the harm" in page

    def test_templates_are_required_retired_restored_and_put_back(self):
        admin, template = browser(), made()
        admin.post("/settings/templates/required/", {"severity": "sev2", "template": "ours"})
        assert RequiredTemplate.objects.get().template == template
        refused = admin.post("/settings/templates/ours/retire/", follow=True)
        assert "must be written with" in refused.text
        admin.post("/settings/templates/required/", {"severity": "sev2", "template": ""})
        admin.post("/settings/templates/ours/retire/")
        assert "Restore Ours" in admin.get("/settings/templates/").text
        admin.post("/settings/templates/ours/restore/")
        admin.post("/settings/templates/concise/reset/")
        template.refresh_from_db()
        assert template.retired_at is None

    def test_factors_are_added_renamed_retired_and_restored(self):
        admin = browser()
        admin.post("/settings/factors/", {"name": "Weather", "description": "Wind and water."})
        admin.post("/settings/factors/weather/", {"name": "Weather & climate", "description": ""})
        factor = Factor.objects.get(key="weather")
        assert factor.name == "Weather & climate"
        admin.post("/settings/factors/weather/retire/")
        assert "Restore Weather" in admin.get("/settings/factors/").text
        admin.post("/settings/factors/weather/restore/")
        assert admin.post("/settings/factors/", {"name": "weather & CLIMATE"}).status_code == 422


@pytest.mark.django_db
def test_a_retired_factor_stays_where_it_was_found_and_is_offered_no_more():
    postmortem = published(resolved(), factors=("data",))
    taxonomy.retire_factor(factor=Factor.objects.get(key="data"), by=None)
    assert [finding.factor.key for finding in postmortem.findings.all()] == ["data"]
    other = services.open_postmortem(incidents=[IncidentFactory()])
    with pytest.raises(InvalidInput, match="retired"):
        services.add_factor(postmortem=other, factor="data", by=None)
    assert "Data</option>" not in browser("responder").get(f"/postmortems/{other.number}/").text


@pytest.mark.django_db
class TestByTheApi:
    def test_templates(self):
        program, root = api(), "/api/v1/templates/"
        sections = [{"key": "summary", "title": "Summary", "questions": ["What?"]}, {"key": "luck", "title": "Luck"}]
        made = program.post(root, {"name": "Ours", "sections": sections, "required_for": ["sev1"]})
        assert made.status_code == 201, made.content
        assert (made.json()["slug"], made.json()["required_for"]) == ("ours", ["sev1"])
        changed = program.patch(f"{root}ours/", {"sections": sections[::-1], "required_for": []}).json()
        assert ([one["key"] for one in changed["sections"]], changed["required_for"]) == (["luck", "summary"], [])
        assert program.delete(f"{root}ours/").status_code == 204
        assert "ours" not in [one["slug"] for one in program.get(root).json()]
        assert "ours" in [one["slug"] for one in program.get(f"{root}?retired=true").json()]
        assert program.patch(f"{root}ours/", {"retired": False}).json()["retired_at"] is None
        assert program.post(f"{root}concise/reset/").json()["name"] == "Concise"
        assert program.get(f"{root}near-miss/").json()["sections"][0]["key"] == "what_happened"

    def test_what_is_refused_changes_nothing(self):
        program, root = api(), "/api/v1/templates/"
        refused = program.post(root, {"name": "Ours", "sections": [{"key": "luck", "title": "Luck"}]})
        assert (refused.status_code, "sections" in refused.json()["errors"]) == (400, True)
        assert program.delete(f"{root}near-miss/").status_code == 409
        nothing = program.patch(f"{root}concise/", {"name": "Short", "required_for": ["sev1"], "retired": True})
        assert nothing.status_code == 409
        assert Template.objects.get(slug="concise").name == "Concise"
        assert not Template.objects.filter(slug="ours").exists()

    def test_factors(self):
        program, root = api(), "/api/v1/factors/"
        assert program.post(root, {"name": "Weather"}).json()["key"] == "weather"
        assert program.patch(f"{root}weather/", {"name": "Climate"}).json()["key"] == "weather"
        assert program.delete(f"{root}weather/").status_code == 204
        assert "weather" not in [one["key"] for one in program.get(root).json()]
        assert program.patch(f"{root}weather/", {"retired": False}).json()["retired_at"] is None
        assert program.post(root, {"name": "climate"}).status_code == 400

    def test_others_read_only(self):
        program = api("responder")
        assert program.get("/api/v1/templates/").status_code == program.get("/api/v1/factors/data/").status_code == 200
        assert program.post("/api/v1/factors/", {"name": "x"}).status_code == 403
        assert program.patch("/api/v1/templates/concise/", {"name": "x"}).status_code == 403
        assert program.delete("/api/v1/templates/concise/").status_code == 403
