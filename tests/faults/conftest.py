from collections.abc import Iterator

import pytest

from local.environment.status import queue_depths
from local.failures.queues import find
from tests.deployed import Deployed
from tests.faults.cloud import Cloud


@pytest.fixture
def cloud(deployed: Deployed) -> Iterator[Cloud]:
    """Leaves no failures behind: other tests count them."""
    cloud = Cloud(deployed)
    yield cloud
    there = {queue.name: queue.consumer for queue in find(cloud.sqs)}
    for depth in queue_depths(cloud.sqs):
        if depth.waiting and depth.name in there:
            cloud.take(there[depth.name])
