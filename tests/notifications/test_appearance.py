"""The theme is a cookie that a form sets; the style guide shows every component under the strict policy."""

import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from notifications import styleguide
from notifications.appearance import set_theme

REQUESTS = RequestFactory()


def choose(**data: str):
    return set_theme(REQUESTS.post("/theme/", data))


def test_a_chosen_theme_is_kept_and_the_page_comes_back() -> None:
    response = choose(theme="dark", next="/incidents/?q=a")
    assert (response.status_code, response["Location"]) == (302, "/incidents/?q=a")
    cookie = response.cookies["theme"]
    assert cookie.value == "dark"
    assert (cookie["samesite"], bool(cookie["httponly"])) == ("Lax", True)


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_the_way_back_never_leads_to_another_host(target: str) -> None:
    assert choose(theme="light", next=target)["Location"] == "/"


def test_an_unknown_theme_is_refused_and_not_kept() -> None:
    response = choose(theme="<b>sepia")
    assert response.status_code == 400
    assert "sepia" in response.content.decode()
    assert response["Content-Type"] == "text/plain"
    assert not response.cookies


def test_a_theme_is_only_set_by_a_form() -> None:
    assert set_theme(REQUESTS.get("/theme/?theme=dark")).status_code == 405


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', "auto"), (None, "auto")]
)
def test_a_page_takes_only_known_themes_from_the_cookie(cookie: str | None, theme: str) -> None:
    request = REQUESTS.get("/")
    request.COOKIES = {"theme": cookie} if cookie else {}
    assert f'data-theme="{theme}"' in render_to_string("base.html", request=request)


def test_the_style_guide_obeys_the_content_policy() -> None:
    someone = SimpleNamespace(is_authenticated=True, name="Ana", email="ana@example.org", timezone="UTC")
    html = render_to_string("styleguide.html", styleguide.context() | {"user": someone}, REQUESTS.get("/styleguide/"))
    assert html.count("<h1") == 1
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL):
        assert "src=" in attributes or 'type="application/json"' in attributes, body[:80]


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_need_nothing_but_themselves(name: str) -> None:
    assert "<h1>" in render_to_string(f"{name}.html")
