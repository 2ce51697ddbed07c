"""From cord to lesson in the browser only: declared, answered, resolved, understood, and useful the next time."""

import re
import urllib.parse

import pytest
from playwright.sync_api import expect

from config.demo.organisation import PASSWORD
from tests.e2e.browser import PHONE, chromium, sign_in
from tests.running import andon as running_andon

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

SERVICE = "web-shop"
BLAMING = "Bo should have checked the dashboard. Meanwhile the disk failed to mount."


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_andon(tmp_path_factory.mktemp("arc") / "var", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright):
    with chromium(playwright) as running:
        yield running


def unfold(page, words):
    """Open a folded part by its words, where it is folded."""
    summary = page.locator("summary", has_text=words).first
    if not summary.evaluate("it => it.parentElement.open"):
        summary.click()
    return summary.locator("..")


def published(page, url):
    """How many required post-mortems trends say are published."""
    page.goto(f"{url}/trends/")
    sentence = page.get_by_text(re.compile(r"\d+ of \d+ required post-mortems are published")).first.inner_text()
    return int(sentence.split()[0])


def declare(page, url, title):
    page.goto(f"{url}/incidents/declare/")
    page.get_by_label("What is wrong?").fill(title)
    page.get_by_role("radio", name="SEV2").check(force=True)
    page.get_by_role("checkbox", name=re.compile(SERVICE)).check(force=True)
    page.locator("main").get_by_role("button", name="Declare").click()
    page.wait_for_url(re.compile(r"/incidents/\d+/$"))
    return page.url


def test_from_cord_to_lesson(demo, browser):
    on_call = demo.call("GET", f"oncall/now?service={SERVICE}")["seats"]
    dev = sign_in(browser, demo.url, on_call["dev"][0]["email"], PASSWORD)
    ops = sign_in(browser, demo.url, on_call["ops"][0]["email"], PASSWORD, viewport=PHONE)
    before = published(dev, demo.url)
    room = declare(dev, demo.url, "The basket shows somebody else's things")

    answer_on_a_phone(ops, room)
    command(ops, room)
    resolve(dev, room)
    postmortem = write(dev, room)
    understand(dev, postmortem)
    review(dev, ops, postmortem, demo.call("GET", f"oncall/now?service={SERVICE}")["seats"])
    assert published(dev, demo.url) == before + 1
    keep_for_next_time(dev, postmortem)

    again = declare(dev, demo.url, "The basket is mixed up again")
    dev.goto(again)
    expect(dev.get_by_role("region", name="Seen before")).to_contain_text("Empty the basket cache")


def answer_on_a_phone(ops, room):
    """One tap on Home."""
    ops.goto(urllib.parse.urljoin(room, "/"))
    ops.get_by_role("button", name=re.compile("^Acknowledge")).first.click()
    ops.goto(room)
    ops.get_by_text("People", exact=True).first.click()
    expect(ops.get_by_role("region", name="On call").get_by_text("acknowledged").first).to_be_visible()


def command(ops, room):
    ops.set_viewport_size({"width": 1280, "height": 900})
    ops.goto(room)
    ops.get_by_role("button", name="Take Incident commander").click()
    expect(ops.locator(".room__head")).to_contain_text("Commander")
    ops.get_by_label("Add to the timeline").fill("Baskets are mixed up for some. We are emptying the cache.")
    ops.locator("main").get_by_role("button", name="Post update").click()
    expect(ops.get_by_role("region", name="Timeline")).to_contain_text("We are emptying the cache.")


def resolve(dev, room):
    dev.goto(room)
    expect(dev.get_by_role("region", name="Timeline")).to_contain_text("We are emptying the cache.")
    menu = unfold(dev, "Change status")
    menu.get_by_text(re.compile("resolved", re.IGNORECASE)).first.click()
    if (submit := menu.get_by_role("button", name=re.compile("^(Change|Move|Save|Set)"))).count():
        submit.first.click()
    expect(dev.locator(".room__head")).to_contain_text("Resolved")


def write(dev, room):
    """The post-mortem opened by itself; the coach minds the person, not the disk."""
    link = dev.get_by_role("region", name="Links").get_by_role("link", name=re.compile("^PM"))
    for _ in range(40):
        dev.goto(room)
        dev.wait_for_timeout(500)
        if link.count():
            break
    link.first.click()
    dev.wait_for_url(re.compile(r"/postmortems/\d+/"))
    postmortem = dev.url
    dev.get_by_role("link", name="Write Summary").click()
    dev.get_by_label("Summary, in Markdown").fill(BLAMING)
    notes = dev.get_by_role("complementary", name="Notes on Summary")
    expect(notes).to_contain_text("should have checked", timeout=15_000)
    expect(notes).not_to_contain_text("failed to mount")
    dev.get_by_label("Summary, in Markdown").fill("The cache kept baskets without saying whose they are.")
    expect(notes).not_to_contain_text("should have checked", timeout=15_000)
    section = dev.get_by_role("region", name="Summary")
    section.get_by_role("button", name="Save").click()
    expect(section.get_by_role("link", name="Edit Summary")).to_be_visible()
    dev.goto(postmortem)
    expect(section).to_contain_text("without saying whose they are")
    return postmortem


def understand(dev, postmortem):
    for factor in ("Data", "Design & resilience"):
        dev.goto(postmortem)
        form = unfold(dev, "Add a contributing factor")
        form.get_by_role("combobox").select_option(label=factor)
        form.get_by_role("button").last.click()
        expect(dev.get_by_role("region", name="Contributing factors")).to_contain_text(factor)
    dev.goto(postmortem)
    form = unfold(dev, "Add an action")
    form.get_by_role("textbox").first.fill("Key the basket cache by customer")
    form.get_by_role("button").last.click()
    expect(dev.get_by_role("region", name="Action items")).to_contain_text("Key the basket cache by customer")


def review(dev, ops, postmortem, seats):
    for side in ("dev", "ops"):
        dev.goto(postmortem)
        form = unfold(dev, "Ask somebody to review")
        selects = form.get_by_role("combobox")
        selects.first.select_option(label=seats[side][0]["name"])
        if selects.count() > 1:
            selects.nth(1).select_option(side)
        form.get_by_role("button").last.click()
        expect(dev.get_by_role("region", name="Review")).to_contain_text(seats[side][0]["name"])
    dev.goto(postmortem)
    dev.get_by_role("button", name=re.compile("review", re.IGNORECASE)).first.click()
    for page in (dev, ops):
        page.goto(postmortem)
        page.get_by_role("button", name=re.compile("^Sign off")).first.click()
        expect(page.get_by_role("region", name="Review")).to_contain_text("signed off")
    dev.goto(postmortem)
    dev.get_by_role("button", name="Publish").click()
    expect(dev.locator("main").get_by_text("published").first).to_be_visible()


def keep_for_next_time(dev, postmortem):
    dev.goto(postmortem)
    dev.get_by_role("link", name="Open a problem from this").click()
    dev.get_by_label("Title").fill("Baskets are cached without their owner")
    dev.get_by_label(re.compile("^Workaround")).fill("Empty the basket cache: `cachectl flush baskets`.")
    dev.get_by_label(re.compile("^What is known of the cause")).fill("The key is the session, which is reused.")
    dev.get_by_role("button", name="Open problem").click()
    dev.wait_for_url(re.compile(r"/problems/\d+/"))
    unfold_known_error(dev)
    expect(dev.locator("main").get_by_text("known error").first).to_be_visible()
    dev.goto(postmortem)
    dev.get_by_role("link", name="Write an article from this").click()
    dev.get_by_label("Title").fill("The basket shows somebody else's things")
    dev.get_by_label(re.compile("^Issue")).fill("My basket has things in it that I did not choose.")
    dev.get_by_role("button", name="Save article").click()
    dev.wait_for_url(re.compile(r"/knowledge/\d+/"))


def unfold_known_error(dev):
    folded = dev.locator("summary", has_text=re.compile("known error", re.IGNORECASE))
    if folded.count():
        folded.first.click()
    dev.get_by_role("button", name=re.compile("known error", re.IGNORECASE)).first.click()
