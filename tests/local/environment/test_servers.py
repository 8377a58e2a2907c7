"""Which change calls for a restart of a server."""

from pathlib import Path

import pytest

from local.environment.servers import CLOUD, GATEWAY, Server
from local.environment.workspace import Workspace


@pytest.mark.parametrize(
    ("changed", "restarted"),
    [
        ("local/cloud/streams.py", {"cloud"}),
        ("local/appsync/server.py", {"gateway"}),
        ("requirements/dev.txt", {"cloud", "gateway"}),
        ("services/orders/domain.py", set()),
    ],
)
def test_a_server_is_restarted_when_its_source_or_a_library_changes(
    tmp_path: Path, changed: str, restarted: set[str]
) -> None:
    project = Workspace(tmp_path, tmp_path / "state")

    def codes() -> dict[Server, str]:
        return {server: server.code(project) for server in (CLOUD, GATEWAY)}

    before = codes()
    (tmp_path / changed).parent.mkdir(parents=True)
    (tmp_path / changed).write_text("changed")
    after = codes()

    assert {server.name for server in before if before[server] != after[server]} == restarted
