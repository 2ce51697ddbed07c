"""Alerts, changes and panels in a browser: drawn, within the content security policy, and open to everybody."""

import math
import os
import shutil
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from telemetry import snapshots
from tests.factories import AdministratorFactory, AlertFactory, ChangeFactory, PanelFactory, ServiceFactory
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


def test_panels_appear_once_they_were_fetched(visit, checkout, settings):
    now, answers = time.time(), Answers()
    answers.answer = matrix(({}, [(now - 3600 + 15 * n, str(math.sin(n / 9))) for n in range(240)]))
    with serving(answers) as settings.PROMETHEUS_URL:
        page = visit("/services/checkout/panels/")
        assert "Asked Prometheus for 2 panels" in page.text_content("#service-panels")
        snapshots.fetch_due()
        page.wait_for_selector(".panel__plot canvas")
    assert page.locator(".panel__plot canvas").count() == 2
    assert "deploy 4f2a1c9" in page.text_content(".legend")
    assert "HighErrorRate" in page.text_content(".legend")
    assert violations(page) == []
