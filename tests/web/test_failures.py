"""What failed for good, on the operator's board: seen there, and sent back from there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.deployed import Deployed
from tests.faults.cloud import Cloud, envelope, some_event, until
from tests.web.browser import DESK, SHEET
from tests.web.conftest import Enter
from tests.web.test_pages import PATIENCE_MS, place_order, serious

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.local_cloud, pytest.mark.browser]

INBOX, OUTBOX = "tracking-inbox", "tracking-outbox"
NOW = "2026-01-05T18:30:00Z"
HANDLED = ("applied", "stale", "ignored")


@pytest.fixture
def cloud(deployed: Deployed) -> Iterator[Cloud]:
    """Leaves no failures behind: other tests count them."""
    cloud = Cloud(deployed)
    yield cloud
    for consumer in (INBOX, OUTBOX):
        cloud.take(consumer)


def failures(page: "Page", consumer: str) -> "Locator":
    """The line of the board's block that is about one queue."""
    block = page.get_by_role("region", name="Failed for good")
    return block.get_by_role("listitem").filter(has_text=consumer)


def seen_again(page: "Page") -> None:
    """A page asks at once when somebody looks at it again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_an_operator_sends_back_what_failed(visit: Enter, cloud: Cloud) -> None:
    page = visit(size=DESK).enter("operator")
    block = page.get_by_role("region", name="Failed for good")
    block.get_by_text("Nothing.").wait_for()

    event = some_event("order.placed.v1")
    cloud.park(INBOX, envelope(event))
    cloud.park(OUTBOX, "{")
    seen_again(page)
    failures(page, INBOX).get_by_text("1", exact=True).wait_for()
    failures(page, OUTBOX).get_by_text(f"delivery failures redrive {OUTBOX}").wait_for()
    assert failures(page, OUTBOX).get_by_role("button").count() == 0
    assert serious(page) == []

    failures(page, INBOX).get_by_role("button").press("Enter")
    block.get_by_text(f"{INBOX} is sent back.").wait_for()
    failures(page, INBOX).wait_for(state="detached", timeout=PATIENCE_MS)
    assert until(lambda: cloud.outcomes(INBOX, event), bool)[0] in HANDLED
    assert cloud.failures(INBOX) == []
    assert len(cloud.failures(OUTBOX)) == 1


def test_what_failed_is_sent_back_from_an_orders_panel(visit: Enter, cloud: Cloud) -> None:
    customer, operator = visit(size=SHEET), visit(size=DESK)
    customer.enter("customer")
    order_id = place_order(customer)
    event = some_event("order.placed.v1")
    cloud.park(INBOX, envelope(event))
    page = operator.enter("operator")
    page.get_by_role("button", name=order_id[:8]).first.click()
    panel = page.get_by_role("region", name=f"Order {order_id[:8]}")
    panel.get_by_role("button", name=f"Redrive {INBOX}").click()
    panel.get_by_text("Nothing.").wait_for(timeout=PATIENCE_MS)
    assert serious(page) == []
    assert until(lambda: cloud.outcomes(INBOX, event), bool)[0] in HANDLED
    panel.get_by_role("button", name="Cancel").click()
    panel.get_by_text("Cancellation is asked for").wait_for()


def test_nobody_else_may_look_at_failures_or_logs_or_send_anything_back(cloud: Cloud) -> None:
    account = cloud.account("merchant-of-failures", "merchant", "merchant-901")
    documents = (
        "{ failureQueues { name } }",
        'mutation { redriveFailures(queue: "x") { name } }',
        "{ consumers }",
        f'{{ consumerReports(consumer: "x", orderId: "x", since: "{NOW}", until: "{NOW}") {{ endCursor }} }}',
    )
    for document in documents:
        answer = cloud.ask(account.token, {"query": document})
        assert [error["errorType"] for error in answer["errors"]] == ["Unauthorized"]


def test_what_is_no_failure_queue_is_not_sent_anywhere(cloud: Cloud) -> None:
    account = cloud.account("operator-of-failures", "operator")
    for name in ("delivery-tracking-inbox", "delivery-nothing-failures", f"delivery-{OUTBOX}-failures"):
        answer = cloud.ask(account.token, {"query": f'mutation {{ redriveFailures(queue: "{name}") {{ name }} }}'})
        assert [error["errorType"] for error in answer["errors"]] == ["Invalid"], name
