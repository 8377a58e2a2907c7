"""What a platform leaves in its state directory."""

import shutil
from pathlib import Path

import pytest

from local.environment.workspace import Workspace


def test_what_an_interrupted_deletion_leaves_is_not_where_it_would_be_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path, tmp_path / "state")
    (package := workspace.assembly / "asset.1").mkdir(parents=True)
    (package / "half").touch()
    with monkeypatch.context() as interrupted:
        interrupted.setattr(shutil, "rmtree", lambda *_, **__: None)
        workspace.forget_cloud()
    assert not workspace.assembly.exists()
    workspace.assembly.mkdir()
    workspace.forget_cloud()
    assert list(workspace.state_dir.iterdir()) == []
