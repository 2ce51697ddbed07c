"""The way from one commit to another over known pushes."""

from hypothesis import given
from hypothesis import strategies as st

from changes.history import Step, path


def push(before: str, *shas: str, forced: bool = False) -> Step:
    return Step(before=before, after=shas[-1], shas=shas, forced=forced)


def test_pushes_are_followed_from_one_to_the_next() -> None:
    steps = [push("a", "b", "c"), push("c", "d"), push("d", "e", "f")]
    assert path(steps, "a", "f") == ["b", "c", "d", "e", "f"]
    assert path(steps, "c", "d") == ["d"]


def test_both_ends_may_lie_within_a_push() -> None:
    steps = [push("a", "b", "c"), push("c", "d", "e")]
    assert path(steps, "b", "d") == ["c", "d"]
    assert path(steps, "d", "e") == ["e"]


def test_a_merge_brings_the_commits_of_its_branch_though_they_were_pushed_before() -> None:
    branch, merge = push("a", "x", "y"), push("b", "x", "y", "merge")
    assert path([branch, push("a", "b"), merge], "b", "merge") == ["x", "y", "merge"]
    assert path([branch, push("a", "b"), merge], "a", "merge") == ["b", "x", "y", "merge"]


def test_a_forced_push_and_one_that_leaves_commits_out_break_the_chain() -> None:
    assert path([push("a", "b"), push("b", "c", forced=True)], "a", "c") is None
    assert path([push("a", "b"), Step(before="b", after="c", shas=None)], "a", "c") is None


def test_what_nobody_pushed_is_not_known() -> None:
    assert path([], "a", "b") is None
    assert path([push("", "b", "c")], "a", "c") is None
    assert path([push("a", "b")], "b", "a") is None


def test_pushes_in_a_circle_end() -> None:
    assert path([push("a", "b"), push("b", "a")], "z", "a") is None


@given(st.lists(st.integers(1, 4), min_size=1, max_size=30), st.data())
def test_a_line_of_pushes_gives_exactly_the_commits_between(sizes: list[int], data: st.DataObject) -> None:
    line = [f"c{n}" for n in range(sum(sizes) + 1)]
    steps, at = [], 0
    for size in sizes:
        steps.append(push(line[at], *line[at + 1 : at + 1 + size]))
        at += size
    older = data.draw(st.integers(0, len(line) - 1))
    newer = data.draw(st.integers(older + 1, len(line) - 1)) if older < len(line) - 1 else older
    shuffled = data.draw(st.permutations(steps))
    if newer > older:
        assert path(shuffled, line[older], line[newer]) == line[older + 1 : newer + 1]
