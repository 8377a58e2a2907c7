"""Where food stands once it is ready. The one thing people know without the platform, since they see it."""

from local.simulator.bell import Bell


class Kitchen:
    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._cooking: set[str] = set()
        self._waiting: dict[str, str] = {}

    def start(self, order_id: str) -> None:
        self._cooking.add(order_id)

    def put_out(self, order_id: str) -> None:
        self._cooking.discard(order_id)
        if order_id in self._waiting:
            self._bell.ring(self._waiting.pop(order_id))

    def has(self, order_id: str, *, tell: str) -> bool:
        """Whether it can be taken; if not, `tell` is rung once it can. What nobody here cooks, as an order that an
        earlier run left behind, always can."""
        if order_id not in self._cooking:
            return True
        self._waiting[order_id] = tell
        return False
