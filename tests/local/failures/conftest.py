from collections.abc import Iterator

import pytest
from moto import mock_aws

from local.failures import queues
from tests.local.failures.fakes import Cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    monkeypatch.setattr(queues, "LONG_POLL_S", 0)
    with mock_aws():
        yield Cloud()
