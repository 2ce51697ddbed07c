"""From the message to the answer on a phone: the link opens without signing in, and one tap acknowledges."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import PHONE, chromium, violations
from tests.e2e.scene import eventually, staff

pytestmark = [pytest.mark.e2e, pytest.mark.processes]


@pytest.fixture(scope="module")
def browser(playwright):
    with chromium(playwright) as running:
        yield running


@pytest.fixture
def link(andon, receiver):
    """Of the message that whoever is on call for Dev gets."""
    staff(andon, "checkout", receiver.url)
    andon.call("POST", "pages/", {"subject": "Checkout is slow", "service": "checkout"})

    def to_dev():
        return [body for path, body in zip(receiver.paths, receiver.received, strict=False) if path == "/dev"]

    return eventually(to_dev, "a message to Dev")[0]["url"]


def test_the_messages_link_has_one_button_and_one_tap_acknowledges(andon, browser, link):
    page = browser.new_context(viewport=PHONE, has_touch=True, color_scheme="dark").new_page()
    page.goto(link)
    (button,) = page.get_by_role("button").all()
    assert button.inner_text() == "Acknowledge"
    box = button.bounding_box()
    assert box["width"] > 300
    assert box["y"] + box["height"] <= PHONE["height"]  # within reach, without scrolling
    assert violations(page) == []
    button.tap()
    expect(page.get_by_text("Acknowledged. Nobody else is told for your side.")).to_be_visible()
    (answered,) = andon.call("GET", "pages/")["results"]
    sides = {side["seat"]: side["acknowledged_by"] for side in answered["escalations"]}
    assert sides["dev"]
