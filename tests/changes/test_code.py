"""Pushes that were told, and which commits and files a change brings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from changes import code
from changes.events import Push, PushedCommit
from changes.models import Change, Commit
from changes.models import Push as PushRow
from notifications import inbox
from notifications.models import InboundMessage
from tests.factories import ChangeFactory, IntegrationFactory, PersonFactory, ServiceFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def sha(number: int) -> str:
    return f"{number:040x}"


def commits(*numbers, paths=("app.py",)):
    return tuple(
        PushedCommit(sha=sha(n), message=f"Change {n}\n\nAt length.", author="ana", paths=tuple(paths)) for n in numbers
    )


def push(before, *numbers, ref="main", repository="acme/checkout", minutes=0, **fields):
    told = Push(
        repository=repository,
        ref=ref,
        before=sha(before) if before else "",
        after=sha(numbers[-1]),
        commits=fields.pop("commits", commits(*numbers)),
        pushed_at=AT + timedelta(minutes=minutes),
        actor="ana",
        **fields,
    )
    return code.record_push(push=told)


def numbers(found):
    return None if found is None else [int(commit.sha, 16) for commit in found]


def deployed(service, number, minutes, **fields):
    at = AT + timedelta(minutes=minutes)
    return ChangeFactory(service=service, revision=sha(number), repository="acme/checkout", started_at=at, **fields)


class TestRecording:
    def test_a_push_is_kept_with_its_commits_once(self):
        for _ in range(2):
            row = push(1, 2, 3)
        assert (row.repository, row.ref, row.shas) == ("acme/checkout", "main", [sha(2), sha(3)])
        assert (PushRow.objects.count(), Commit.objects.count()) == (1, 2)
        commit = Commit.objects.get(sha=sha(2))
        assert (str(commit), commit.author, commit.paths) == ("0000000 Change 2", "ana", ["app.py"])

    def test_the_repository_is_the_same_in_any_case_of_letters(self):
        push(1, 2, repository="Acme/Checkout")
        push(2, 3, repository="acme/CHECKOUT", minutes=1)
        assert numbers(code.between("ACME/checkout", sha(1), sha(3))) == [2, 3]

    def test_a_commit_belongs_to_the_push_that_first_brought_it(self):
        branch = push(1, 2, ref="feature")
        push(1, 2, minutes=5)
        assert Commit.objects.get().push == branch

    @pytest.mark.django_db(transaction=True)
    def test_five_times_at_once_is_one_push(self):
        def record(_):
            try:
                return push(1, 2, 3).pk
            finally:
                connection.close()

        with ThreadPoolExecutor(5) as pool:
            assert len(set(pool.map(record, range(5)))) == 1
        assert (PushRow.objects.count(), Commit.objects.count()) == (1, 2)

    def test_a_push_of_two_thousand_commits_is_kept_whole(self):
        push(1, *range(2, 2002))
        assert len(code.between("acme/checkout", sha(1), sha(2001))) == 2000

    def test_what_is_longer_than_its_column_is_cut(self):
        long = PushedCommit(
            sha="f" * 90,
            message="m" * 20_000,
            author="a" * 300,
            url="javascript:alert(1)",
            paths=tuple(f"{n}" * 200 for n in range(4000)),
        )
        push(1, 2, commits=(long,), ref="r" * 300)
        commit = Commit.objects.get()
        assert (len(commit.sha), len(commit.message), len(commit.author), commit.url) == (64, 10_000, 200, "")
        assert len(commit.paths) == code.MOST_PATHS and max(map(len, commit.paths)) == 500


class TestBetween:
    def test_pushes_are_followed_back(self):
        push(1, 2, 3)
        push(3, 4, minutes=1)
        push(4, 5, 6, minutes=2)
        assert numbers(code.between("acme/checkout", sha(1), sha(6))) == [2, 3, 4, 5, 6]
        assert numbers(code.between("acme/checkout", sha(2), sha(5))) == [3, 4, 5]

    def test_a_merge_brings_the_commits_of_its_branch(self):
        push(1, 2, 3, ref="feature")
        push(1, 4, minutes=1)
        push(4, 2, 3, 5, minutes=2)
        assert numbers(code.between("acme/checkout", sha(4), sha(5))) == [2, 3, 5]

    def test_the_beginning_of_a_commit_is_enough_where_it_is_the_only_one(self):
        shas = ("1234567" + "0" * 33, "89abcde" + "0" * 33, "89abcdf" + "0" * 33)
        told = tuple(PushedCommit(sha=one) for one in shas)
        code.record_push(push=Push(repository="a/b", ref="main", before="", after=shas[-1], commits=told, pushed_at=AT))
        assert [commit.sha for commit in code.between("a/b", "1234567", "89abcdf")] == list(shas[1:])
        assert code.between("a/b", "1234567", "89abcd") is None

    def test_one_and_the_same_has_nothing_between(self):
        assert code.between("acme/checkout", sha(1), sha(1)) == []

    @pytest.mark.parametrize(("older", "newer"), [(sha(3), sha(1)), (sha(9), sha(3)), ("v1.2", sha(3)), ("", sha(3))])
    def test_what_the_pushes_do_not_tell_is_not_known(self, older, newer):
        push(1, 2, 3)
        assert code.between("acme/checkout", older, newer) is None

    def test_a_forced_push_and_one_that_left_commits_out_are_not_followed(self):
        push(1, 2, forced=True)
        assert code.between("acme/checkout", sha(1), sha(2)) is None
        push(2, 3, complete=False, minutes=1)
        assert code.between("acme/checkout", sha(2), sha(3)) is None

    def test_it_takes_few_queries_however_long_the_way(self, django_assert_max_num_queries):
        for n in range(1, 60):
            push(n, n + 1, minutes=n)
        with django_assert_max_num_queries(4):
            assert len(code.between("acme/checkout", sha(1), sha(60))) == 59


class TestPaths:
    def test_the_files_since_a_revision_each_once(self):
        push(1, 2, commits=commits(2, paths=["b.py", "a.py"]))
        push(2, 3, commits=commits(3, paths=["a.py", "auth/keys.py"]), minutes=1)
        assert code.paths_of("acme/checkout", sha(3), since=sha(1)) == ["a.py", "auth/keys.py", "b.py"]
        assert code.paths_of("acme/checkout", sha(3)) == ["a.py", "auth/keys.py"]
        assert code.paths_of("acme/checkout", sha(3), since=sha(9)) is None
        assert code.paths_of("acme/checkout", sha(9)) is None

    def test_a_branch_begun_or_moved_to_a_commit_without_telling_of_it_hides_no_file(self):
        push(1, 2, commits=commits(2, paths=["auth/keys.py"]))
        push(None, 2, ref="hotfix", commits=(), minutes=1)
        push(1, 3, ref="release", commits=(), minutes=2)
        assert code.paths_of("acme/checkout", sha(2)) == ["auth/keys.py"]
        assert code.paths_of("acme/checkout", sha(3)) is None
        assert code.between("acme/checkout", sha(1), sha(3)) is None

    def test_so_many_that_there_may_be_more_are_not_known(self):
        push(1, 2, commits=commits(2, paths=[f"{n}.py" for n in range(3000)]))
        assert code.paths_of("acme/checkout", sha(2), since=sha(1)) is None


class TestChanges:
    @pytest.fixture
    def checkout(self):
        return ServiceFactory(slug="checkout", repositories=["acme/checkout"])

    def test_a_change_brings_what_was_pushed_since_the_one_before_it(self, checkout):
        push(1, 2, 3)
        push(3, 4, minutes=1)
        first, second = deployed(checkout, 1, 5), deployed(checkout, 4, 10)
        brought = code.brought_by(second)
        assert (numbers(brought.commits), brought.since) == ([2, 3, 4], first)

    def test_what_failed_was_taken_back_or_went_elsewhere_does_not_count_as_before(self, checkout):
        push(1, 2, 3)
        first = deployed(checkout, 1, 5)
        deployed(checkout, 2, 6, state="rolled_back")
        deployed(checkout, 2, 7, environment="staging")
        ChangeFactory(service=checkout, revision=sha(2), state="failed", started_at=AT + timedelta(minutes=8))
        assert code.brought_by(deployed(checkout, 3, 10)).since == first

    def test_the_first_change_brings_the_push_it_came_with(self, checkout):
        push(1, 2, 3)
        brought = code.brought_by(deployed(checkout, 3, 5))
        assert (numbers(brought.commits), brought.since) == ([2, 3], None)

    def test_a_service_of_one_repository_says_which_it_is(self, checkout):
        push(1, 2)
        change = deployed(checkout, 2, 5)
        Change.objects.filter(pk=change.pk).update(repository="")
        assert numbers(code.brought_by(Change.objects.get(pk=change.pk)).commits) == [2]

    def test_a_change_of_no_known_commit_brings_nothing_that_is_known(self, checkout):
        assert code.brought_by(deployed(checkout, 7, 5)) is None
        assert code.brought_by(ChangeFactory(service=checkout, revision="limits.yaml")) is None

    def test_the_page_of_a_change_shows_its_commits_the_newest_first(self, checkout, client):
        client.force_login(PersonFactory())
        push(1, *range(2, 60))
        first, second = deployed(checkout, 1, 5), deployed(checkout, 59, 10)
        page = client.get(reverse("changes:detail", args=[second.pk])).content.decode()
        assert (
            "58 since" in page and reverse("changes:detail", args=[first.pk]) in page and "And 8 earlier ones." in page
        )
        assert page.index("Change 59") < page.index("Change 10") and "Change 9<" not in page


def test_a_push_that_arrives_is_kept_as_of_its_arrival_and_replayed_without_effect(client):
    integration = IntegrationFactory(source="gitlab", secret="s3cret")
    told = {
        "object_kind": "push",
        "ref": "refs/heads/main",
        "before": sha(1),
        "after": sha(2),
        "project": {"path_with_namespace": "Acme/Checkout"},
        "commits": [{"id": sha(2), "message": "Round totals", "added": ["a.py"]}],
        "total_commits_count": 1,
    }
    for _ in range(2):
        headers = {"X-Gitlab-Token": "s3cret", "X-Gitlab-Event": "Push Hook"}
        assert client.post(integration.path, told, "application/json", headers=headers).status_code == 202
    inbox.process_due()
    message = InboundMessage.objects.get()
    inbox.replay(message)
    inbox.process_due()
    row = PushRow.objects.get()
    assert (row.repository, row.pushed_at, row.integration) == ("acme/checkout", message.received_at, integration)
    assert code.paths_of("acme/checkout", sha(2), since=sha(1)) == ["a.py"]
