"""Which issue an address shows, and whose it is."""

from dataclasses import dataclass

import pytest

from postmortems.trackers.addresses import api_address, reference, tracker_of


@dataclass(frozen=True)
class Place:
    kind: str
    url: str
    api_url: str = ""


GITHUB = Place("github", "https://github.com")
ENTERPRISE = Place("github", "https://git.shop.example/code")
GITLAB = Place("gitlab", "https://gitlab.com", "https://gitlab.com/api/v4")
BELOW = Place("gitlab", "https://shop.example/gitlab", "https://shop.example/gitlab/api/v4")
JIRA = Place("jira", "https://shop.atlassian.net")
ALL = (GITHUB, ENTERPRISE, GITLAB, BELOW, JIRA)


@pytest.mark.parametrize(
    ("url", "tracker", "ref"),
    [
        ("https://github.com/o/r/issues/1", GITHUB, "o/r#1"),
        ("https://GitHub.com/o/r.js/issues/12/?x=1#issuecomment-3", GITHUB, "o/r.js#12"),
        ("https://github.com/o/r/pull/9", GITHUB, "o/r#9"),
        ("https://git.shop.example/code/o/r/issues/1", ENTERPRISE, "o/r#1"),
        ("https://gitlab.com/group/sub/project/-/issues/5", GITLAB, "group/sub/project#5"),
        ("https://gitlab.com/group/project/issues/5", GITLAB, "group/project#5"),
        ("https://gitlab.com/group/project/-/work_items/5", GITLAB, "group/project#5"),
        ("https://shop.example/gitlab/group/project/-/issues/5", BELOW, "group/project#5"),
        ("https://shop.atlassian.net/browse/SHOP-1", JIRA, "SHOP-1"),
        ("https://shop.atlassian.net/browse/shop-1?focusedId=3", JIRA, "SHOP-1"),
        ("https://shop.atlassian.net/jira/software/projects/SHOP/boards/1?selectedIssue=SHOP-12", JIRA, "SHOP-12"),
        ("https://shop.atlassian.net/projects/SHOP/issues/SHOP-3", JIRA, "SHOP-3"),
        ("https://github.com/o/r/issues", GITHUB, None),
        ("https://github.com/o/r/issues/one", GITHUB, None),
        ("https://github.com/o/r/blob/main/issues/1/x.md", GITHUB, None),
        ("https://gitlab.com/-/issues/5", GITLAB, None),
        ("https://shop.atlassian.net/browse/NOTAKEY", JIRA, None),
    ],
)
def test_an_address_shows_an_issue_of_its_tracker(url, tracker, ref):
    assert tracker_of(url, ALL) is tracker
    assert reference(url, tracker) == ref


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com.evil.example/o/r/issues/1",
        "http://github.com/o/r/issues/1",
        "https://github.com:8443/o/r/issues/1",
        "https://git.shop.example/codes/o/r/issues/1",
        "https://wiki.shop.example/page",
        "https://[::1/o/r/issues/1",
        "",
    ],
)
def test_an_address_of_somewhere_else_belongs_to_no_tracker(url):
    assert tracker_of(url, ALL) is None


def test_of_several_trackers_the_one_that_says_most_has_it():
    team = Place("github", "https://github.com/shop")
    assert tracker_of("https://github.com/shop/pay/issues/1", [GITHUB, team]) is team
    assert tracker_of("https://github.com/shopping/pay/issues/1", [GITHUB, team]) is GITHUB


@pytest.mark.parametrize(
    ("kind", "url", "api"),
    [
        ("github", "https://github.com", "https://api.github.com"),
        ("github", "https://github.com/shop", "https://api.github.com"),
        ("github", "https://git.shop.example", "https://git.shop.example/api/v3"),
        ("gitlab", "https://gitlab.com/shop", "https://gitlab.com/api/v4"),
        ("jira", "https://jira.shop.example/jira", "https://jira.shop.example/jira/rest/api/2"),
    ],
)
def test_the_address_of_the_api_follows_from_that_of_the_tracker(kind, url, api):
    assert api_address(kind, url) == api


def test_of_two_trackers_on_one_host_the_one_that_knows_the_issue_is_meant():
    github = Place("github", "https://code.example.com", "https://code.example.com/api/v3")
    gitlab = Place("gitlab", "https://code.example.com", "https://code.example.com/api/v4")
    for order in ([github, gitlab], [gitlab, github]):
        assert tracker_of("https://code.example.com/acme/shop/-/issues/8", order) is gitlab
