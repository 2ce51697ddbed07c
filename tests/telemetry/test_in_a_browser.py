"""Alerts, changes and panels in a browser: drawn, within the content security policy, and open to everybody."""

import math
import os
import shutil
import time
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from telemetry import snapshots
from tests.factories import (
    AdministratorFactory,
    AlertFactory,
    ChangeFactory,
    PanelFactory,
    ServiceFactory,
    SnapshotFactory,
)
from tests.telemetry.prometheus_server import Answers, matrix, serving

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright leaves an event loop running in the thread of the tests
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/changes/",
    "/changes/pipelines/",
    "/alerts/",
    "/settings/unmatched/",
    "/services/checkout/alert-rules/",
]


@pytest.fixture
def checkout():
    checkout = ServiceFactory(slug="checkout")
    for name in ("Errors", "Latency"):
        PanelFactory(service=checkout, name=name)
    ChangeFactory(service=checkout, revision="4f2a1c9")
    for service in (checkout, None):
        AlertFactory(service=service)
    ChangeFactory(service=None, service_hint="basket")
    return checkout


@pytest.fixture
def visit(live_server, client, playwright):
    """Opens a page as an administrator; whatever the console calls an error fails the test."""
    chromium = shutil.which("chromium") or pytest.skip("chromium is not installed")
    client.force_login(AdministratorFactory())
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    errors = []

    def visit(path, **context):
        opened = browser.new_context(**context)
        opened.add_cookies([cookie])
        page = opened.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(live_server.url + path)
        return page

    yield visit
    browser.close()
    assert errors == []


def violations(page):
    return [(found["id"], found["nodes"][0]["html"]) for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_everybody_can_use_the_pages(visit, live_server, checkout, scheme, width):
    page = visit(PAGES[0], color_scheme=scheme, viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"


@pytest.fixture
def prometheus(settings):
    """An hour of a wave, and what it was a week before."""
    now, answers = time.time(), Answers()

    def wave(end, height):
        return matrix(({}, [(end - 3600 + 15 * n, str(height * math.sin(n / 9))) for n in range(240)]))

    answers.answer, answers.of_week_before = wave(now, 1), wave(now - 7 * 86_400, 2)
    with serving(answers) as settings.PROMETHEUS_URL:
        yield answers


def test_panels_appear_once_they_were_fetched(visit, checkout, prometheus):
    page = visit("/services/checkout/panels/")
    assert "Asked for 2 panels" in page.text_content("#service-panels")
    snapshots.fetch_due()
    page.wait_for_selector(".panel__plot canvas")
    assert page.locator(".panel__plot canvas").count() == 2
    assert "a week earlier" in page.text_content(".legend")
    marks = page.text_content("#service-marks")
    assert "deploy 4f2a1c9" in marks
    assert "HighErrorRate" in marks
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_panels_fit_every_screen_and_their_tables_open(visit, checkout, prometheus, scheme, width):
    log_panel(checkout)
    snapshots.look(service=checkout, window="1h")
    snapshots.fetch_due()
    page = visit("/services/checkout/panels/", color_scheme=scheme, viewport={"width": width, "height": 800})
    page.wait_for_selector(".panel__plot canvas")
    table = page.locator("details[data-table]").first
    assert not table.evaluate("(details) => details.open"), "there is a picture"
    table.locator("summary").click()
    assert table.locator("tbody tr").count() == 30
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_the_cursor_tells_of_values_and_of_marks_on_every_panel(visit, checkout, prometheus):
    AlertFactory(service=checkout, name="PoolExhausted", starts_at=timezone.now() - timedelta(minutes=20))
    snapshots.look(service=checkout, window="1h")
    snapshots.fetch_due()
    page = visit("/services/checkout/panels/", viewport={"width": 1200, "height": 900})
    page.wait_for_selector(".panel__plot canvas")
    over = page.locator(".u-over").first
    box = over.bounding_box()
    axis = page.evaluate("JSON.parse(document.querySelector('[id^=axis-]').textContent)")
    alert = next(mark for mark in axis["marks"] if mark["kind"] == "alert")
    there = box["width"] * (alert["t"] - axis["from"]) / (axis["to"] - axis["from"])
    over.hover(position={"x": box["width"] / 4, "y": 20})
    assert all("PoolExhausted" not in text for text in page.locator(".panel__readout").all_text_contents())
    over.hover(position={"x": there, "y": 20})
    readouts = page.locator(".panel__readout").all_text_contents()
    assert len(readouts) == 2
    assert all("▲" in text and "PoolExhausted" in text for text in readouts), "one cursor for all panels"


def test_without_javascript_the_table_is_there(visit, checkout, prometheus):
    snapshots.look(service=checkout, window="1h")
    snapshots.fetch_due()
    page = visit("/services/checkout/panels/", java_script_enabled=False)
    assert page.locator("table").first.is_visible()
    assert page.locator("#service-marks li").first.is_visible()
    assert not page.locator(".panel__plot").first.is_visible()


def log_panel(service):
    """A panel of log lines, as they were fetched a moment ago."""
    PanelFactory(service=service, name="Log", source="loki", query="{}")
    rows = [[time.time() - n, "app=checkout", "y" * 300] for n in range(120)]
    now = timezone.now()
    SnapshotFactory(
        about=f"service:{service.slug}:1h", service=service, name="Log", source="loki", query="{}", until=now,
        series=[], log_lines=rows,
    )  # fmt: skip
