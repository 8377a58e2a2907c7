"""The assignment problem: pairs of rows and columns at the least total cost.

Kuhn's Hungarian method in its shortest-augmenting-path form: rows join one by one; each looks for the cheapest chain of
swaps that ends in a free column, by Dijkstra's algorithm on costs reduced by prices, which keeps them non-negative.
O(rows² · columns); SciPy has the same in C, at 100 MB of package.
"""

from collections.abc import Sequence
from math import inf

Costs = Sequence[Sequence[float]]


def cheapest_pairs(costs: Costs) -> list[tuple[int, int]]:
    """The (row, column) pairs that cost least in all, as many as there are rows or columns, whichever is fewer.

    `costs[row][column]` must be finite, and all rows equally long. Pairs come in the order of their rows; equal inputs
    give equal pairs.
    """
    if not costs or not costs[0]:
        return []
    if len(costs) > len(costs[0]):
        flipped = [list(column) for column in zip(*costs, strict=True)]
        return sorted((row, column) for column, row in _match(flipped))
    return _match(costs)


def _match(costs: Costs) -> list[tuple[int, int]]:
    columns = len(costs[0])
    row_prices = [0.0] * len(costs)
    column_prices = [0.0] * columns
    row_of: list[int | None] = [None] * columns
    for row in range(len(costs)):
        _join(row, costs, row_prices, column_prices, row_of)
    return sorted((row, column) for column, row in enumerate(row_of) if row is not None)


def _join(
    newcomer: int, costs: Costs, row_prices: list[float], column_prices: list[float], row_of: list[int | None]
) -> None:
    """Give `newcomer` a column, swapping others to the columns that make this cheapest."""
    columns = range(len(column_prices))
    distance = [inf] * len(column_prices)
    came_from = [newcomer] * len(column_prices)  # the row from which a column was reached
    settled: list[int] = []
    unsettled = set(columns)
    row, so_far = newcomer, 0.0
    while True:
        for column in sorted(unsettled):
            through_row = so_far + costs[row][column] - row_prices[row] - column_prices[column]
            if through_row < distance[column]:
                distance[column], came_from[column] = through_row, row
        nearest = min(unsettled, key=lambda column: (distance[column], column))
        so_far = distance[nearest]
        unsettled.remove(nearest)
        occupant = row_of[nearest]
        if occupant is None:
            break
        settled.append(nearest)
        row = occupant
    # New prices, under which every pair of the matching still costs nothing and no pair less.
    row_prices[newcomer] += so_far
    for column in settled:
        occupant = row_of[column]
        assert occupant is not None
        row_prices[occupant] += so_far - distance[column]
        column_prices[column] -= so_far - distance[column]
    _swap_along(nearest, newcomer, came_from, row_of)


def _swap_along(column: int, newcomer: int, came_from: list[int], row_of: list[int | None]) -> None:
    """Hand each column of the chain that ends in `column` to the row it was reached from."""
    column_of = {row: at for at, row in enumerate(row_of) if row is not None}
    while True:
        row = came_from[column]
        row_of[column] = row
        if row == newcomer:
            return
        column = column_of[row]
