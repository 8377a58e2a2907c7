from collections.abc import Iterator

import pytest

from local.failures.listing import list_failures
from tests.deployed import Deployed
from tests.faults.cloud import Cloud


@pytest.fixture
def cloud(deployed: Deployed) -> Iterator[Cloud]:
    """Leaves no failures behind: other tests count them."""
    cloud = Cloud(deployed)
    yield cloud
    for listed in list_failures(deployed.platform.aws):
        if listed.count:
            cloud.take(listed.queue)
