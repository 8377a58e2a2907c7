"""Boundaries between the parts, read off their imports. Every rule is also shown something that it must find."""

import subprocess
import sys

import pytest

from tests.boundaries import rules
from tests.boundaries.repository import ROOT, SERVICES, Module, modules

SERVICE_MODULES = [module for module in modules("services") if module.name.count(".") > 1]
STACKS = [module for module in SERVICE_MODULES if module.name.endswith(".stack")]
RUNTIME = [module for module in SERVICE_MODULES if module not in STACKS]
EVENTS = modules("delivery_events", below="events")
ALL = [*SERVICE_MODULES, *EVENTS, *modules("infra"), *modules("local")]

env_in_settings = rules.only_in(lambda name: name == "settings", "os")
dynamodb_in_table = rules.only_in(lambda name: name in {"table", "rows"}, "boto3.dynamodb", "mypy_boto3_dynamodb")
no_handler = rules.apart_from(*(f"services.{service}.handlers" for service in SERVICES))
no_platform = rules.apart_from("infra", "local", "services", "tests", "benchmarks")
no_local = rules.apart_from("local", "tests", "benchmarks")
no_service = rules.apart_from("services", "tests", "benchmarks")


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        pytest.param(rules.packaged, RUNTIME + EVENTS, id="a function's code uses only what is packaged with it"),
        pytest.param(rules.stack, STACKS, id="a stack uses no other service and no handler"),
        pytest.param(env_in_settings, RUNTIME, id="only settings.py reads the environment"),
        pytest.param(dynamodb_in_table, RUNTIME, id="only table.py, and rows.py below it, know DynamoDB"),
        pytest.param(no_handler, ALL, id="nobody imports a handler"),
        pytest.param(no_platform, EVENTS, id="the events package stands alone"),
        pytest.param(no_local, modules("infra"), id="what deploys does not know the local cloud"),
        pytest.param(no_service, modules("local"), id="the local cloud and the simulator know no service's code"),
    ],
)
def test_boundary(rule: rules.Rule, found: list[Module]) -> None:
    assert found
    assert rules.broken(rule, found) == []


def test_the_local_tools_start_without_the_cdk() -> None:
    """It begins a Node.js of its own, which takes a second, and one on PATH."""
    names = [module.name for module in modules("local") if not module.name.endswith("__main__")]
    assert "local.cli" in names
    each = f"for name in {names}: importlib.import_module(name)\n"
    done = subprocess.run(
        [sys.executable, "-c", f"import importlib, sys\n{each}print('jsii' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"


@pytest.mark.parametrize("start", ["domain", "planner", "geometry", "movement", "templates", "zones"])
def test_decisions_are_pure(start: str) -> None:
    known = {module.name: module for module in RUNTIME}
    parts = [f"services.{service}.{start}" for service in SERVICES]
    starts = [name for name in known for part in parts if name == part or name.startswith(f"{part}.")]
    assert starts
    assert start != "domain" or len(starts) == len(SERVICES)
    for name in starts:
        assert rules.broken(rules.pure, rules.closure(name, known)) == []


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (rules.packaged, "services.orders.table", "from services.dispatch import domain"),
        (rules.packaged, "services.orders.table", "import services.dispatch.domain"),
        (rules.packaged, "services.orders.table", "def f():\n    from infra.names import BUS"),
        (rules.packaged, "services.orders.domain", "import local.aws"),
        (rules.packaged, "services.orders.domain", "from events.delivery_events import orders"),
        (rules.packaged, "services.orders.zones", "import h3"),  # of dispatch's requirements, not of its own
        (rules.packaged, "services.orders.zones", "import aws_cdk"),
        (rules.packaged, "services.orders.zones", "import importlib"),  # could import anything
        (rules.packaged, "services.orders.handlers.inbox", "from ...dispatch import table"),
        (rules.packaged, "delivery_events.outbox", "from services.orders import table"),
        (rules.stack, "services.orders.stack", "from services.dispatch.stack import DispatchStack"),
        (rules.stack, "services.orders.stack", "from services.orders.handlers.inbox import handler"),
        (rules.stack, "services.orders.stack", "import boto3"),
        (rules.pure, "services.orders.domain", "import boto3"),
        (rules.pure, "services.orders.domain", "from botocore.exceptions import ClientError"),
        (rules.pure, "services.orders.domain", "from aws_lambda_powertools import Logger"),
        (rules.pure, "services.orders.domain", "import os\nLIMIT = os.environ['LIMIT']"),
        (rules.pure, "services.orders.domain", "from services.orders.handlers import inbox"),
        (rules.pure, "services.orders.domain", "from delivery_events.publish import Publisher"),
        (rules.pure, "services.orders.domain", "from datetime import UTC, datetime\nnow = datetime.now(UTC)"),
        (rules.pure, "services.orders.domain", "import random\nchance = random.random()"),
        (rules.pure, "services.orders.domain", "import random\nchance = random.Random()"),
        (rules.pure, "services.orders.domain", "from random import random\nchance = random()"),
        (env_in_settings, "services.orders.table", "from os import environ"),
        (dynamodb_in_table, "services.orders.handlers.inbox", "from boto3.dynamodb.conditions import Key"),
        (no_handler, "services.orders.silence", "from services.orders.handlers.sweep import handler"),
        (no_platform, "delivery_events.publish", "from infra import names"),
        (no_local, "infra.app", "from local.aws import Aws"),
        (no_service, "local.simulator.expected", "from services.notifications.templates import alerts_for"),
    ],
)
def test_a_breach_is_found(rule: rules.Rule, name: str, source: str) -> None:
    assert rule(Module(name, source))


def test_what_a_pure_module_leads_to_is_judged_too() -> None:
    known = {
        "services.orders.domain": Module("services.orders.domain", "from services.orders import rules"),
        "services.orders.rules": Module("services.orders.rules", "from services.orders.io import read"),
        "services.orders.io": Module("services.orders.io", "import boto3"),
    }
    led_to = rules.closure("services.orders.domain", known)
    assert rules.broken(rules.pure, led_to) == ["services.orders.io:1 imports boto3"]


def test_imports_for_type_checkers_do_not_count_at_run_time() -> None:
    for_types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mypy_boto3_sqs import SQSClient"
    assert rules.packaged(Module("services.orders.domain", for_types)) == []
    assert rules.packaged(Module("services.orders.domain", for_types.replace("TYPE_CHECKING:", "True:")))
