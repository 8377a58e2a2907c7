"""A stage is deployed to its own account only."""

import sys

import boto3
import pytest
from moto import mock_aws

from infra import names
from infra.account_stage import main


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(sys, "argv", ["account_stage", "dev"])
    return monkeypatch


@mock_aws
def test_an_empty_account_and_the_stage_s_own_are_let_pass(account: pytest.MonkeyPatch) -> None:
    main()
    boto3.client("ssm").put_parameter(Name=names.STAGE, Value="dev", Type="String")
    main()


@mock_aws
def test_another_stage_s_account_is_refused(account: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("ssm").put_parameter(Name=names.STAGE, Value="prod", Type="String")
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "holds stage prod, not dev: say STAGE=prod" in capsys.readouterr().err
