"""Two people write at once, in the same section and in different ones: not a word is lost, and nobody has to save.

`TYPING_SECONDS=60` types for a minute at each place.
"""

import os
import random
import re
import time
from collections import Counter
from functools import partial
from itertools import count

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import chromium, sign_in
from tests.e2e.scene import eventually, kill

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

SECONDS = float(os.environ.get("TYPING_SECONDS", "4"))
WRITERS = {"ana@example.com": "Ana de Souza", "bo@example.com": "Bo Lind"}
PASSWORD = "two-writers-2026"
SIGN_UP = """
from oncall.models import Person
for email, name in {writers!r}.items():
    person = Person.objects.create(email=email, name=name)
    person.set_password({password!r})
    person.save()
"""
PASTE = """async (field) => {
  const drawn = document.createElement("canvas");
  drawn.getContext("2d").fillRect(0, 0, 40, 30); // of 300 by 150 pixels
  const png = await new Promise((done) => drawn.toBlob(done, "image/png"));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([png], "graph.png", { type: "image/png" }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
"""Pastes a picture, as from a screen that was copied."""
SELECT = "words => document.getSelection().selectAllChildren(words)"


@pytest.fixture(scope="module")
def browser(playwright):
    with chromium(playwright) as running:
        yield running


@pytest.fixture(scope="module")
def writers(andon, browser):
    andon.manage("shell", "-v0", "-c", SIGN_UP.format(writers=WRITERS, password=PASSWORD))
    return [sign_in(browser, andon.url, email, PASSWORD) for email in WRITERS]


@pytest.fixture(autouse=True)
def quiet(writers):
    """No page complains, but of a line that is down."""
    for page in writers:
        page.complaints.clear()
    yield
    of_the_line = ("Failed to load resource", "htmx:afterRequest", "htmx:sendError")
    assert not [said for page in writers for said in page.complaints if not said.startswith(of_the_line)]


@pytest.fixture
def postmortem(andon):
    return andon.call("POST", "postmortems/", {"title": "Nearly out of disk", "template": "concise"})["number"]


class Writer:
    """Somebody in front of a browser, who types one key after the other."""

    def __init__(self, page, url, postmortem, section, name):
        self.page, self.section, self.words, self.typed = page, section, [], self._keys(name)
        page.goto(f"{url}/postmortems/{postmortem}/?edit={section}")
        self.field = page.locator(f"#body-{section}")
        self.field.focus()

    def _keys(self, name):
        for number in count(1):
            word = f"{name}{number:04}"
            self.words.append(word)
            yield from f"{word} "

    def type(self):
        self.page.keyboard.type(next(self.typed))

    def type_into(self, seen):
        """As a program does: the whole field anew, one word longer."""
        self.field.fill(seen + "".join(iter(lambda: next(self.typed), " ")) + " ")

    def end_word(self):
        while self.field.input_value()[: self.caret()][-1:].strip():
            self.type()

    def caret(self):
        return self.field.evaluate("field => field.selectionEnd")

    def go(self, key):
        self.page.keyboard.press(key)

    def saved(self):
        expect(self.page.locator(f"#saved-{self.section} .pm__state")).to_contain_text(
            "Saved as version", timeout=30_000
        )


def type_at_once(writers, seconds=SECONDS):
    """Each a few keys, then the other: as two keyboards that nobody holds back."""
    hand = random.Random(5)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        writer = hand.choice(writers)
        for _ in range(hand.randint(1, 4)):
            writer.type()
    for writer in writers:
        writer.end_word()


def stored(andon, postmortem, section):
    return andon.call("GET", f"postmortems/{postmortem}/sections/{section}/")["body"]


def one_text(andon, postmortem, section, writers):
    texts = {writer.field.input_value() for writer in writers if writer.section == section}
    return texts == {stored(andon, postmortem, section)}


def nothing_is_lost(andon, postmortem, *writers):
    """Every word of each stands once in the stored text, and in everybody's field."""
    for writer in writers:
        writer.saved()
    for section in {writer.section for writer in writers}:
        expected = Counter(word for writer in writers if writer.section == section for word in writer.words)
        eventually(partial(one_text, andon, postmortem, section, writers), "one text for all")
        assert Counter(stored(andon, postmortem, section).split()) == expected


@pytest.mark.parametrize(
    "places", [("Control+End", "Control+End"), ("Control+Home", "Control+End")], ids=["same place", "apart"]
)
def test_two_in_the_same_section_lose_no_word(andon, writers, postmortem, places):
    ana, bo = (
        Writer(page, andon.url, postmortem, "summary", name) for page, name in zip(writers, ("a", "b"), strict=True)
    )
    ana.type(), ana.end_word()
    ana.saved()
    expect(bo.field).to_have_value("a0001 ")
    for writer, place in zip((ana, bo), places, strict=True):
        writer.go(place)
    type_at_once([ana, bo])
    nothing_is_lost(andon, postmortem, ana, bo)


def test_a_program_that_sets_the_field_from_a_text_it_read_takes_out_nobodys_words(andon, writers, postmortem):
    ana, bo = (
        Writer(page, andon.url, postmortem, "summary", name) for page, name in zip(writers, ("a", "b"), strict=True)
    )
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for writer in (ana, bo):
            seen = writer.field.input_value()
            writer.page.wait_for_timeout(20)  # what comes in meanwhile, it has not seen
            writer.type_into(seen)
    nothing_is_lost(andon, postmortem, ana, bo)


def test_two_in_different_sections_lose_no_word_and_see_each_others(andon, writers, postmortem):
    ana = Writer(writers[0], andon.url, postmortem, "summary", "a")
    bo = Writer(writers[1], andon.url, postmortem, "impact", "b")
    expect(bo.page.locator("[data-present=summary]")).to_contain_text("Ana de Souza", timeout=15_000)
    type_at_once([ana, bo])
    nothing_is_lost(andon, postmortem, ana, bo)
    expect(bo.page.locator("#read-summary")).to_contain_text(ana.words[-1])
    expect(ana.page.locator("#read-impact")).to_contain_text(bo.words[-1])


def test_words_typed_while_the_line_or_the_server_is_down_are_saved_later(andon, writers, postmortem):
    ana, bo = (
        Writer(page, andon.url, postmortem, "summary", name) for page, name in zip(writers, ("a", "b"), strict=True)
    )
    writers[0].context.set_offline(True)
    type_at_once([ana, bo], 2)
    expect(ana.page.locator("#saved-summary [role=status]")).to_contain_text("cannot be reached")
    writers[0].context.set_offline(False)
    kill(andon, "web")
    type_at_once([ana, bo], 3)
    nothing_is_lost(andon, postmortem, ana, bo)


def test_words_that_were_not_saved_are_offered_back_after_a_crash(andon, writers, postmortem):
    ana = Writer(writers[0], andon.url, postmortem, "summary", "a")
    ana.page.route("**/autosave/", lambda route: route.abort())
    ana.field.fill("Words of mine.")
    eventually(lambda: ana.page.evaluate("Object.values(localStorage).join().includes('Words of mine.')"), "a copy")
    andon.call("PATCH", f"postmortems/{postmortem}/sections/summary/", {"version": 0, "body": "Theirs."})
    ana.page.on("dialog", lambda dialog: dialog.accept())
    ana.page.reload()
    ana.page.unroute("**/autosave/")
    ana.page.get_by_role("button", name="Put them back").click()
    ana.saved()
    assert stored(andon, postmortem, "summary") == "Theirs.\nWords of mine."


def test_who_changes_the_same_words_looks_at_both_texts_and_chooses(andon, writers, postmortem):
    path = f"postmortems/{postmortem}/sections/summary/"
    andon.call("PATCH", path, {"version": 0, "body": "It was slow."})
    ana = Writer(writers[0], andon.url, postmortem, "summary", "a")
    ana.page.context.set_offline(True)
    ana.field.fill("It was dead.")
    andon.call("PATCH", path, {"version": 1, "body": "It was down."})
    ana.page.context.set_offline(False)
    expect(ana.page.get_by_text("It was down.", exact=True).first).to_be_visible(timeout=15_000)
    ana.page.get_by_role("button", name="Put both together").click()
    ana.saved()
    assert stored(andon, postmortem, "summary") == "It was down. dead."


def test_a_picture_is_pasted_and_words_are_commented_on(andon, writers, postmortem):
    ana = Writer(writers[0], andon.url, postmortem, "summary", "a")
    ana.field.fill("The queue grew.")
    ana.go("Control+End")
    ana.field.evaluate(PASTE)
    expect(ana.field).to_have_value(re.compile(r"^The queue grew\.\n\n!\[what it shows\]\(image:\w"))
    ana.page.keyboard.type("requests waiting")  # its description is selected
    ana.saved()
    eventually(lambda: "![requests waiting](image:" in stored(andon, postmortem, "summary"), "the description")
    reader = writers[1]
    reader.goto(f"{andon.url}/postmortems/{postmortem}/")
    picture = reader.get_by_role("img", name="requests waiting")
    picture.scroll_into_view_if_needed()
    eventually(lambda: picture.evaluate("picture => picture.naturalWidth") == 300, "the picture")
    reader.locator("#read-summary p").first.evaluate(SELECT)
    reader.get_by_role("button", name="Comment on this").click()
    reader.keyboard.type("Since when?")
    reader.locator("#comment-form-summary").get_by_role("button", name="Comment").click()
    thread = reader.locator("#comments-summary .thread")
    expect(thread).to_contain_text("The queue grew.")
    expect(thread).to_contain_text("Since when?")
    expect(reader.locator("#comment-on-summary")).not_to_have_attribute("open", "")
    expect(ana.page.locator("#comments-summary .thread")).to_contain_text("Since when?")
