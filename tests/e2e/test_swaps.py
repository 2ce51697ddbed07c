"""On a phone: somebody offers a shift, somebody else takes it with one tap, and the bars change before their eyes."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from config.demo.organisation import PASSWORD
from tests.e2e.browser import PHONE, chromium, sign_in
from tests.running import andon as running_andon

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

SCHEDULE, SEAT = "storefront", "dev"
DEV = ("ana@shop.example", "bo@shop.example", "chidi@shop.example")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_andon(tmp_path_factory.mktemp("swaps") / "var", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright):
    with chromium(playwright) as running:
        yield running


def test_a_swap_is_offered_taken_and_seen_on_a_phone(demo, browser):
    on_call = demo.call("GET", "oncall/now?service=web-shop")["seats"][SEAT][0]
    other = next(email for email in DEV if email != on_call["email"])
    giver = sign_in(browser, demo.url, on_call["email"], PASSWORD, viewport=PHONE, has_touch=True)
    taker = sign_in(browser, demo.url, other, PASSWORD, viewport=PHONE, has_touch=True)

    offer(giver, demo.url)
    giver.goto(f"{demo.url}/schedules/{SCHEDULE}/")
    assert bars(giver, "--mine") == 1  # the whole shift, under way

    take(taker, demo.url, on_call["name"])
    expect(giver.locator("[aria-label='Final shifts, drawn'] .lanes__bar--mine")).to_have_count(2)  # no reload
    assert bars(giver, "--swap:not(.lanes__bar--open)") == 1

    taker.goto(f"{demo.url}/schedules/{SCHEDULE}/")
    mine = taker.locator("[aria-label='Final shifts, drawn'] .lanes__bar--swap.lanes__bar--mine")
    expect(mine).to_have_count(1)
    assert not giver.complaints
    assert not taker.complaints

    give_back(taker)
    expect(giver.locator("[aria-label='Final shifts, drawn'] .lanes__bar--mine")).to_have_count(1)


def bars(page, kind):
    return page.locator(f"[aria-label='Final shifts, drawn'] .lanes__bar{kind}").count()


def offer(giver, url):
    """A day of what is one's own, from one's own shift on the phone's first screen."""
    giver.goto(f"{url}/oncall/")
    giver.get_by_role("link", name="Offer the rest").first.click()
    begins = datetime.fromisoformat(giver.get_by_label("From").input_value()) + timedelta(hours=3)
    giver.get_by_label("From").fill(f"{begins:%Y-%m-%dT%H:%M}")
    giver.get_by_label("Until").fill(f"{begins + timedelta(days=1):%Y-%m-%dT%H:%M}")
    giver.get_by_label(re.compile("^Note")).fill("A wedding")
    giver.get_by_role("button", name="Offer").click()
    expect(giver.get_by_text("Offered. Those who may take it are told.")).to_be_visible()


def take(taker, url, name):
    """From my on-call to the swap, and one tap there."""
    taker.goto(f"{url}/oncall/")
    taker.get_by_role("region", name="You could take").get_by_role("link", name=name).click()
    expect(taker.get_by_text("A wedding")).to_be_visible()
    button = taker.get_by_role("button", name="Take it")
    box = button.bounding_box()
    assert box["width"] > 300
    assert box["height"] >= 44
    button.tap()
    expect(taker.get_by_text("It is yours now.")).to_be_visible()


def give_back(taker):
    taker.go_back()
    taker.get_by_text("Give back", exact=True).click()
    taker.get_by_role("button", name="Yes, give back").click()
    expect(taker.get_by_text("Given back.")).to_be_visible()
