"""Every page of the sample organisation, in both themes and on a phone: axe finds nothing, nothing complains."""

import pytest
from playwright.sync_api import expect

from config.demo import SIGN_IN
from tests.e2e.browser import PHONE, WIDE, chromium, sign_in, violations
from tests.running import andon as running_andon

pytestmark = [pytest.mark.e2e, pytest.mark.processes]

PAGES = [
    *("/", "/incidents/", "/incidents/declare/", "/incidents/1/", "/incidents/3/", "/incidents/10/"),
    *("/incidents/10/edit/", "/incidents/declare/?title=payments+time+out"),
    *("/services/", "/services/checkout/", "/services/new/", "/services/checkout/edit/"),
    *("/schedules/", "/schedules/payments/", "/schedules/new/", "/schedules/payments/edit/"),
    *("/oncall/", "/policies/", "/policies/both-sides/", "/policies/both-sides/edit/", "/policies/new/"),
    *("/services/payments-gateway/escalation/",),
    *("/schedules/storefront/", "/schedules/storefront/report/", "/schedules/storefront/rotations/"),
    *("/schedules/storefront/swaps/1/", "/schedules/storefront/swaps/new/", "/schedules/payments/swaps/2/"),
    *("/schedules/storefront/cover/", "/schedules/storefront/shadows/new/"),
    *("/schedules/payments/override/", "/schedules/payments/import/", "/pages/", "/pages/1/"),
    *("/maintenance/", "/maintenance/new/", "/maintenance/1/edit/", "/services/orders-db/"),
    *("/services/orders-db/heartbeats/", "/services/orders-db/heartbeats/1/", "/services/orders-db/heartbeats/new/"),
    *("/people/", "/people/1/", "/people/new/", "/people/3/edit/", "/teams/", "/teams/payments/", "/teams/new/"),
    *("/people/1/methods/", "/people/1/methods/1/", "/people/1/rules/high/", "/people/1/quiet-hours/"),
    *("/changes/", "/changes/1/", "/changes/new/", "/alerts/"),
    *("/changes/pipelines/", "/changes/pipelines/1/", "/changes/pipelines/1/edit/"),
    *("/postmortems/", "/postmortems/1/", "/postmortems/4/", "/postmortems/4/?edit=summary"),
    *("/postmortems/1/facilitation/", "/postmortems/4/facilitation/", "/postmortems/guide/"),
    *("/postmortems/1/sections/summary/history/", "/actions/"),
    *("/problems/", "/problems/1/", "/problems/new/", "/knowledge/", "/knowledge/1/", "/knowledge/new/"),
    *(
        "/problems/?known_errors=1",
        "/knowledge/1/history/",
        "/knowledge/new/?kind=story",
        "/search/?q=a&kind=incidents",
    ),
    *("/trends/", "/trends/coverage/", "/search/?q=checkout", "/search/"),
    *("/problems/1/edit/", "/knowledge/1/edit/", "/postmortems/open/", "/postmortems/4/timeline/", "/actions/1/"),
    *("/postmortems/1/timeline/", "/postmortems/4/timeline/add/", "/exercises/", "/exercises/new/"),
    *("/settings/", "/settings/integrations/", "/settings/integrations/1/", "/settings/integrations/new/"),
    *("/settings/integrations/1/rules/", "/settings/integrations/1/edit/"),
    *("/settings/tokens/", "/settings/slack/", "/settings/unmatched/", "/settings/import/"),
    *("/settings/panels/", "/settings/panels/new/", "/incidents/1/panels/", "/services/checkout/panels/?window=24h"),
    *("/settings/webhooks/", "/settings/webhooks/new/", "/settings/trackers/", "/settings/trackers/new/"),
    *("/actions/?team=payments", "/actions/1/snooze/", "/improvement/", "/improvement/payments/"),
    *("/postmortems/1/images/", "/postmortems/4/images/", "/postmortems/4/incidents/"),
    *("/settings/templates/", "/settings/templates/new/?from=concise", "/settings/templates/concise/edit/"),
    *("/settings/templates/concise/preview/", "/settings/factors/", "/settings/factors/data/"),
    *("/styleguide/", "/accounts/password/change/", "/accounts/2fa/", "/no-such-page/"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running_andon(tmp_path_factory.mktemp("demo") / "var", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright):
    with chromium(playwright) as running:
        yield running


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_is_accessible_and_quiet(demo, browser, theme, viewport):
    page = sign_in(browser, demo.url, *SIGN_IN, color_scheme=theme, viewport=viewport)
    found = {path: wrong for path in PAGES if (wrong := look_at(page, demo.url, path, viewport))}
    assert not found


def look_at(page, url, path, viewport):
    """All that is wrong with a page."""
    page.complaints.clear()
    answer = page.goto(url + path)
    expect(page.locator(".htmx-request")).to_have_count(0)  # every fragment is there
    wrong = violations(page)
    wrong += [said for said in page.complaints if "404" not in said]
    if answer.status != (404 if path == "/no-such-page/" else 200):
        wrong.append(f"status {answer.status}")
    if (width := page.evaluate("document.documentElement.scrollWidth")) > viewport["width"]:
        wrong.append(f"{width} px wide")
    return wrong


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sign_in_page_is_accessible(demo, browser, theme):
    page = browser.new_context(color_scheme=theme).new_page()
    for path in ("/accounts/login/", "/accounts/password/reset/"):
        page.goto(demo.url + path)
        assert violations(page) == []
