"""The plan of one round."""

from collections.abc import Callable, Mapping, Sequence

from services.dispatch.planner.model import Delivery, Driver, Plan, Settings, Travel

Routes = Mapping[str, Sequence[Sequence[str]]]


def plan(
    now: float,
    deliveries: Sequence[Delivery],
    drivers: Sequence[Driver],
    travel: Travel,
    settings: Settings,
    *,
    before: Routes | None = None,
    expired: Callable[[], bool] = lambda: False,
) -> Plan:
    """Which trips leave now, and which are intended for later.

    The same arguments give the same plan. `before`: the trips intended by the round before, by driver, each the ids of
    its deliveries in the order of their drop-offs, from which the search starts; what no longer fits is ignored.
    `expired`: asked between the steps of the search, and says when the time for it is over; the plan is then the best
    found so far, and no longer the same for the same arguments.
    """
    raise NotImplementedError
