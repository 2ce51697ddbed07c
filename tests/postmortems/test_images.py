"""Pictures of a post-mortem: pasted while writing, through the API, and shown only to those who may see the text."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Drawing

from notifications.errors import Conflict, Forbidden
from postmortems import services
from postmortems.models import Image
from postmortems.services import images
from postmortems.text.pictures import MOST_BYTES
from tests.factories import IncidentFactory, PersonFactory
from tests.oncall.personas import api, browser
from tests.postmortems.cases import published, resolved

pytestmark = pytest.mark.django_db


def png(colour="red"):
    out = io.BytesIO()
    Drawing.new("RGB", (3, 2), colour).save(out, "PNG")
    return out.getvalue()


def file(content=None, name="graph.png"):
    return SimpleUploadedFile(name, png() if content is None else content, "image/png")


@pytest.fixture
def postmortem():
    return services.open_postmortem(title="Nearly", template="concise", by=None)


def paste(client, postmortem, content=None, **more):
    address = f"/postmortems/{postmortem.number}/images/"
    return client.post(address, {"file": file(content)} | more, headers={"Accept": "application/json"})


def test_a_pasted_picture_is_answered_as_markdown_and_shown_in_the_text(postmortem):
    writer = browser("responder")
    told = paste(writer, postmortem)
    assert told.status_code == 201
    image = Image.objects.get()
    assert told.json() == {"name": image.name, "markdown": f"![what it shows](image:{image.name})"}
    assert (image.by, image.width, image.height) == (writer.person, 3, 2)
    services.save_section(
        postmortem=postmortem, key="summary", body=told.json()["markdown"], version=0, by=writer.person
    )
    page = writer.get(f"/postmortems/{postmortem.number}/").text
    assert f'<img src="/images/{image.name}" alt="what it shows" loading="lazy">' in page


def test_a_picture_is_served_so_that_it_can_do_nothing(postmortem):
    image = images.add_image(postmortem=postmortem, content=png(), by=None)
    answer = browser("viewer").get(f"/images/{image.name}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, max-age=86400, immutable"
    assert answer["Content-Disposition"] == f'inline; filename="{image.name}.png"'
    assert answer.content == bytes(image.content)


def test_the_same_picture_is_kept_once(postmortem):
    first, again = (images.add_image(postmortem=postmortem, content=png(), by=None) for _ in range(2))
    assert first == again
    assert images.add_image(postmortem=postmortem, content=png("blue"), by=None) != first


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"<svg onload=alert(1)>", 422, "an SVG drawing"),
        (b"%PDF-1.7", 422, "a PDF"),
        (b"", 422, "empty"),
        (b"x" * (MOST_BYTES + 1), 413, "5.0 MB"),
    ],
)
def test_what_is_no_picture_changes_nothing(postmortem, content, status, said):
    answer = paste(browser("responder"), postmortem, content)
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    page = browser("responder").post(f"/postmortems/{postmortem.number}/images/", {"file": file(content)})
    assert (page.status_code, said in page.text) == (status, True)
    assert not Image.objects.exists()


def test_without_a_file_it_says_so(postmortem):
    answer = browser("responder").post(f"/postmortems/{postmortem.number}/images/")
    assert (answer.status_code, "choose a picture" in answer.text) == (422, True)


def test_a_published_one_takes_no_pictures():
    postmortem = published(resolved())
    assert paste(browser("responder"), postmortem).status_code == 409
    assert not Image.objects.exists()
    assert 'type="file"' not in browser("responder").get(f"/postmortems/{postmortem.number}/images/").text


def test_viewers_add_and_remove_none(postmortem):
    viewer = PersonFactory(role="viewer")
    with pytest.raises(Forbidden):
        images.add_image(postmortem=postmortem, content=png(), by=viewer)
    image = images.add_image(postmortem=postmortem, content=png(), by=None)
    with pytest.raises(Forbidden):
        images.remove_image(image=image, by=viewer)


def test_a_picture_that_shows_a_secret_is_taken_away_for_good(postmortem):
    image = images.add_image(postmortem=postmortem, content=png(), by=None)
    writer = browser("responder")
    assert image.name in writer.get(f"/postmortems/{postmortem.number}/images/").text
    writer.post(f"/postmortems/{postmortem.number}/images/{image.name}/remove/")
    assert writer.get(f"/images/{image.name}").status_code == 404
    assert not Image.objects.exists()


def test_pictures_of_what_is_published_stay_as_they_are():
    postmortem = services.open_postmortem(incidents=[resolved()], by=None)
    image = images.add_image(postmortem=postmortem, content=png(), by=None)
    type(postmortem).objects.update(status="published")
    with pytest.raises(Conflict):
        images.remove_image(image=image, by=None)


def test_pictures_of_a_private_incident_are_for_those_who_take_part():
    incident, insider = IncidentFactory(private=True), PersonFactory(role="responder")
    incident.participant_set.create(person=insider, how="added")
    postmortem = services.open_postmortem(incidents=[incident], by=None)
    image = images.add_image(postmortem=postmortem, content=png(), by=None)
    outsider = browser("administrator")
    for address in (f"/images/{image.name}", f"/postmortems/{postmortem.number}/images/"):
        assert outsider.get(address).status_code == 404
        assert browser(person=insider).get(address).status_code == 200
    assert paste(outsider, postmortem).status_code == 404
    assert images.read(image.name, outsider.person) is None
    address = f"/api/v1/postmortems/{postmortem.number}/images/{image.name}/"
    assert api(person=outsider.person).get(address).status_code == 404


def test_a_picture_is_only_at_its_own_post_mortem(postmortem):
    image = images.add_image(postmortem=postmortem, content=png(), by=None)
    other = services.open_postmortem(title="Another", by=None)
    address = f"images/{image.name}/"
    assert browser("responder").post(f"/postmortems/{other.number}/{address}remove/").status_code == 404
    assert api().delete(f"/api/v1/postmortems/{other.number}/{address}").status_code == 404


def test_the_api_adds_lists_reads_and_removes(postmortem):
    program, root = api("responder"), f"/api/v1/postmortems/{postmortem.number}/images/"
    added = program.post(root, {"file": file(), "alt": "CPU [of] db1"}, format="multipart")
    assert added.status_code == 201, added.content
    told = added.json()
    assert told["markdown"] == f"![CPU of db1](image:{told['name']})"
    assert [one["name"] for one in program.get(root).json()] == [told["name"]]
    content = program.get(f"{root}{told['name']}/")
    assert (content["Content-Type"], content.content[:4]) == ("image/png", b"\x89PNG")
    assert program.delete(f"{root}{told['name']}/").status_code == 204
    assert program.get(root).json() == []


def test_the_api_says_what_it_refuses(postmortem):
    program, root = api("responder"), f"/api/v1/postmortems/{postmortem.number}/images/"
    refused = program.post(root, {"file": file(b"PK\x03\x04")}, format="multipart")
    assert refused.status_code == 400
    assert "a ZIP archive" in refused.json()["errors"]["file"][0]
    for size in (MOST_BYTES + 1, MOST_BYTES + 200_000):
        large = program.post(root, {"file": file(b"x" * size)}, format="multipart")
        assert (large.status_code, "5 MB at most" in large.json()["errors"]["file"][0]) == (413, True)
    assert program.post(root, {"alt": "x"}, format="multipart").status_code == 400
    assert program.post(root, {"alt": "x"}, format="json").status_code == 415
    assert not Image.objects.exists()


def test_the_same_key_for_another_picture_is_refused(postmortem):
    program, root = api("responder"), f"/api/v1/postmortems/{postmortem.number}/images/"

    def post(colour):
        told = {"file": file(png(colour))}
        return program.post(root, told, format="multipart", headers={"Idempotency-Key": "k"})

    assert post("red").json() == post("red").json()
    assert post("blue").status_code == 409
