"""The pure climb of one side: it ends, keeps its order, and only ever asks its own people."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from oncall.paging.escalation import Plan, Rung, State, Step, Target, advance

MINUTE = timedelta(minutes=1)


def seat(name):
    return Target("seat", name, name)


def plan(*steps, **fields):
    return Plan(tuple(Step(5 * MINUTE, tuple(targets)) for targets in steps), **fields)


def climb(rungs, repeat):
    """Every move from the start until it is exhausted."""
    moves = [advance(rungs, State(), repeat)]
    while moves[-1].then is not None:
        moves.append(advance(rungs, moves[-1].then, repeat))
        assert len(moves) <= (repeat + 1) * (len(rungs) + 1) + 1
    return moves


@st.composite
def rung_lists(draw):
    people = st.lists(st.integers(1, 9), max_size=3, unique=True).map(tuple)
    places = st.lists(st.sampled_from(["channel:#ops", "webhook:https://x.org"]), max_size=2, unique=True).map(tuple)
    rungs = []
    for _ in range(draw(st.integers(0, 6))):
        concerns = draw(st.booleans())
        found, heard = (draw(people), draw(places)) if concerns else ((), ())
        others = bool(found or heard) or draw(st.booleans())
        rungs.append(Rung(draw(st.integers(0, 9)) * MINUTE, found, concerns, others, heard))
    return rungs


@given(rung_lists(), st.integers(0, 3))
def test_every_climb_ends(rungs, repeat):
    assert not climb(rungs, repeat)[-1].reaches


@given(rung_lists(), st.integers(0, 3))
def test_steps_are_gone_through_in_order_and_each_that_reaches_somebody_once_a_round(rungs, repeat):
    told = [(move.at.round, move.at.step) for move in climb(rungs, repeat) if move.reaches]
    reaching = [index for index, rung in enumerate(rungs) if rung.reaches]
    assert told == [(round_, step) for round_ in range(repeat + 1) for step in reaching]


@given(rung_lists(), st.integers(0, 3))
def test_only_the_people_and_places_of_the_step_are_told_and_the_wait_is_the_steps_own(rungs, repeat):
    for move in climb(rungs, repeat):
        if move.reaches:
            assert (move.people, move.places) == (rungs[move.at.step].people, rungs[move.at.step].places)
            assert move.wait == rungs[move.at.step].delay


@given(rung_lists(), st.integers(0, 3))
def test_a_step_is_passed_over_only_if_it_concerns_this_side_and_reaches_nobody(rungs, repeat):
    for move in climb(rungs, repeat):
        for state in move.skipped:
            assert rungs[state.step].concerns
            assert not rungs[state.step].reaches


def test_a_step_with_nobody_to_reach_is_passed_over_at_once():
    move = advance([Rung(MINUTE, ()), Rung(2 * MINUTE, (7,), others=True)], State(), repeat=0)
    assert (move.people, move.skipped, move.at, move.wait) == ((7,), (State(0, 0),), State(1, 0), 2 * MINUTE)


def test_a_step_that_reaches_only_a_place_is_not_passed_over():
    move = advance([Rung(MINUTE, (), others=True, places=("channel:#ops",)), Rung(MINUTE, (7,))], State(), repeat=0)
    assert (move.people, move.places, move.skipped, move.then) == ((), ("channel:#ops",), (), State(1, 0))


def test_a_side_waits_while_the_step_of_the_other_side_is_open():
    rungs = [Rung(3 * MINUTE, (), concerns=False, others=True), Rung(MINUTE, (7,), others=True)]
    move = advance(rungs, State(), repeat=0)
    assert (move.people, move.wait, move.then) == ((), 3 * MINUTE, State(1, 0))


def test_a_side_does_not_wait_for_a_step_that_reaches_nobody_at_all():
    rungs = [Rung(3 * MINUTE, (), concerns=False, others=False), Rung(MINUTE, (7,), others=True)]
    assert advance(rungs, State(), repeat=0).people == (7,)


def test_after_a_round_that_reached_nobody_the_next_is_waited_for():
    move = advance([Rung(MINUTE, ()), Rung(4 * MINUTE, ())], State(), repeat=1)
    assert (move.people, move.wait, move.then) == ((), 4 * MINUTE, State(0, 1))
    last = advance([Rung(MINUTE, ()), Rung(4 * MINUTE, ())], move.then, repeat=1)
    assert last.then is None


def test_sides_climb_apart_only_where_each_acknowledges():
    steps = ([seat("dev")], [seat("ops")])
    assert plan(*steps, each_seat=True).sides == ("dev", "ops")
    assert plan(*steps, each_seat=False).sides == ("",)


def test_paged_together_every_side_begins_at_the_first_step():
    lead = Target("team_lead", "4", "dev")
    joint = plan([seat("dev")], [lead, seat("ops")], each_seat=False).together()
    assert [set(step.targets) for step in joint.steps] == [{seat("dev"), seat("ops")}, {lead}]
    assert joint.each_seat


def test_a_target_without_a_side_counts_for_every_side():
    chief = Target("person", "1")
    step = Step(MINUTE, (seat("dev"), chief))
    assert step.of("ops") == (chief,)
    assert step.of("dev") == (seat("dev"), chief)
