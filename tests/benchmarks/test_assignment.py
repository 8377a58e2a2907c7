"""The assignment is the cheapest there is: held against trying all of them."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.dispatch.assignment import cheapest_pairs

COST = st.integers(-1_000, 1_000).map(float)
MATRICES = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda size: st.lists(st.lists(COST, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


def least(costs: list[list[float]]) -> float:
    """The least total cost, by trying every assignment."""
    if len(costs) > len(costs[0]):
        costs = [list(column) for column in zip(*costs, strict=True)]
    columns = permutations(range(len(costs[0])), len(costs))
    return min(sum(costs[row][column] for row, column in enumerate(chosen)) for chosen in columns)


@given(MATRICES)
def test_no_other_assignment_costs_less(costs: list[list[float]]) -> None:
    pairs = cheapest_pairs(costs)
    assert sum(costs[row][column] for row, column in pairs) == least(costs)


@given(MATRICES)
def test_as_many_pairs_as_fit_and_nobody_twice(costs: list[list[float]]) -> None:
    pairs = cheapest_pairs(costs)
    assert len(pairs) == min(len(costs), len(costs[0]))
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


def test_the_nearest_is_given_away_where_that_is_cheaper_in_all() -> None:
    assert cheapest_pairs([[1.0, 2.0], [1.0, 9.0]]) == [(0, 1), (1, 0)]


def test_nobody_to_pair_with_is_no_error() -> None:
    assert cheapest_pairs([]) == []
    assert cheapest_pairs([[], []]) == []
