"""The practice workspace in a browser: what a newcomer without a Slack account sees and does."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect
from slack_sdk import WebClient

from slack import blocks
from slack.blocks import IncidentFacts, PageFacts, Person
from slack.sandbox import PracticeSlack

from .andon import AndonStandIn, Received

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright leaves an event loop running in the thread of the tests
pytestmark = pytest.mark.e2e
URL = "https://andon.example/incidents/7/"
INCIDENT = IncidentFacts(
    7,
    "Checkout <b>& cart</b> return 500s",
    "sev2",
    "investigating",
    URL,
    ["checkout"],
    Person("Ana", "U0ANA"),
    Person("Bo", "U0BO"),
)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    yield chromium
    chromium.close()


@pytest.fixture
def andon() -> Iterator[AndonStandIn]:
    with AndonStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def slack(andon: AndonStandIn) -> Iterator[PracticeSlack]:
    with PracticeSlack(andon_url=andon.url, retry_delays=()) as practice:
        yield practice


@pytest.fixture
def client(slack: PracticeSlack) -> WebClient:
    return WebClient("xoxb-practice", base_url=f"{slack.url}/api/")


def visit(browser: Browser, slack: PracticeSlack, **context: object) -> Page:
    """The page, failing the test on any script error or breach of the content security policy."""
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda message: pytest.fail(message.text) if "Content Security" in message.text else None)
    page.goto(slack.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("# incidents")
    return page


def show_everything(client: WebClient, slack: PracticeSlack) -> None:
    """Every kind of message in one channel."""
    slack.people.say("U0ANA", "incidents", "Is *anyone* seeing _slow_ `checkout`? @bo\n- one\n- two")
    for text, made in (
        blocks.announcement(INCIDENT),
        blocks.page_message(PageFacts("p1", "Checkout is down", URL, "checkout", "sev2")),
        blocks.stakeholder_update(INCIDENT, "We roll back.", author=Person("Ana")),
    ):
        client.chat_postMessage(channel="incidents", text=text, blocks=made)
    client.chat_postEphemeral(channel="incidents", user="U0ANA", text="*Only* you: <https://a.example|a link>")


def test_a_command_typed_in_the_composer_reaches_andon(
    browser: Browser, slack: PracticeSlack, andon: AndonStandIn
) -> None:
    andon.answer = lambda request: (200, "Declared *#7*")
    page = visit(browser, slack)
    expect(page.get_by_text("nothing here leaves this machine")).to_be_visible()
    page.get_by_label("Message or command").fill("/incident checkout is down sev2")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log").locator("strong", has_text="#7")).to_be_visible()
    expect(page.get_by_text("Only you can see this")).to_be_visible()
    assert andon.received[0].form["text"] == "checkout is down sev2"


def test_an_unknown_command_is_not_sent(browser: Browser, slack: PracticeSlack, andon: AndonStandIn) -> None:
    page = visit(browser, slack)
    page.get_by_label("Message or command").fill("/giphy cats")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("/giphy is not a command here")).to_be_visible()
    assert andon.received == []


def test_what_the_app_posts_appears_by_itself_and_as_text(
    browser: Browser, slack: PracticeSlack, client: WebClient
) -> None:
    page = visit(browser, slack)
    text, made = blocks.announcement(INCIDENT)
    client.chat_postMessage(channel="incidents", text=text, blocks=made)
    expect(page.get_by_role("heading", name="SEV2 · Checkout <b>& cart</b> return 500s")).to_be_visible()
    expect(page.get_by_text("@ana")).to_be_visible()
    expect(page.get_by_role("link", name="Open room")).to_have_attribute("href", URL)


def test_a_button_is_pressed_by_the_person_one_acts_as(
    browser: Browser, slack: PracticeSlack, client: WebClient, andon: AndonStandIn
) -> None:
    text, made = blocks.page_message(PageFacts("p1", "Checkout is down", URL))
    client.chat_postMessage(channel="incidents", text=text, blocks=made)
    page = visit(browser, slack)
    page.get_by_label("Acting as").select_option(label="Bo Practice")
    with page.expect_response("**/practice/click"):
        page.get_by_role("button", name="Acknowledge").click()
    payload = json.loads(andon.received[0].form["payload"])
    assert payload["user"]["id"] == "U0BO"
    assert payload["actions"][0]["action_id"] == "page.acknowledge"


def open_form(page: Page, client: WebClient, andon: AndonStandIn) -> None:
    """`/incident` opens the declaration form, as Andon does it."""

    def answer(request: Received) -> tuple[int, str]:
        if request.path == "/slack/commands":
            view = blocks.declaration(services=[("Checkout", "checkout"), ("Cart", "cart")])
            client.views_open(trigger_id=request.form["trigger_id"], view=view)
            return 200, ""
        title = json.loads(request.form["payload"])["view"]["state"]["values"]["title"]["value"]["value"]
        if title == "vague":
            return 200, '{"response_action": "errors", "errors": {"title": "Say what is wrong"}}'
        return 200, ""

    andon.answer = answer
    page.get_by_label("Message or command").fill("/incident")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog", name="Declare an incident")).to_be_visible()


def test_a_modal_shows_errors_at_their_field_and_closes_when_sent(
    browser: Browser, slack: PracticeSlack, client: WebClient, andon: AndonStandIn
) -> None:
    page = visit(browser, slack)
    open_form(page, client, andon)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Declare").click()
    expect(dialog.get_by_text("Please complete this required field.")).to_be_visible()
    expect(dialog.get_by_label("What is wrong?")).to_be_focused()
    dialog.get_by_label("What is wrong?").fill("vague")
    dialog.get_by_role("button", name="Declare").click()
    expect(dialog.get_by_text("Say what is wrong")).to_be_visible()
    dialog.get_by_label("What is wrong?").fill("Checkout is down")
    dialog.get_by_label("How bad is it?").select_option("sev1")
    dialog.get_by_label("Cart").check()
    dialog.get_by_role("button", name="Declare").click()
    expect(dialog).to_be_hidden()
    values = json.loads(andon.received[-1].form["payload"])["view"]["state"]["values"]
    assert blocks.submitted({"values": values}) == {
        "title": "Checkout is down",
        "severity": "sev1",
        "services": ["cart"],
        "summary": None,
        "private": [],
    }


def test_a_modal_can_be_left_with_escape(
    browser: Browser, slack: PracticeSlack, client: WebClient, andon: AndonStandIn
) -> None:
    page = visit(browser, slack)
    open_form(page, client, andon)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert slack.views("U0ANA") == []


LOOKS = [
    {"color_scheme": theme, "viewport": {"width": width, "height": 800}}
    for theme in ("light", "dark")
    for width in (1200, 390)
]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing(
    browser: Browser, slack: PracticeSlack, client: WebClient, andon: AndonStandIn, look: dict[str, Any]
) -> None:
    show_everything(client, slack)
    page = visit(browser, slack, **look)
    expect(page.get_by_text("We roll back.")).to_be_visible()
    page.wait_for_function("document.getAnimations().length === 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= look["viewport"]["width"]
    assert Axe().run(page).response["violations"] == []
    open_form(page, client, andon)
    assert Axe().run(page).response["violations"] == []
