"""What the platform's rows say."""

from local.simulator.records import states


def test_a_row_that_only_notes_something_of_an_order_not_yet_heard_of_is_no_delivery() -> None:
    delivery = {"pk": "DELIVERY#order-1", "sk": "DELIVERY", "delivery_id": "order-1", "state": "ASSIGNED"}
    noted = {"pk": "DELIVERY#order-2", "sk": "DELIVERY", "ready_at": "2026-01-05T18:48:00.000Z"}
    driver = {"pk": "DRIVER#driver-1", "sk": "DRIVER", "state": "BUSY"}
    assert states([delivery, noted, driver]) == {"order-1": "ASSIGNED"}
