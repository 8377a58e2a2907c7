"""What a stage changes: the speed of time and the machine that functions run on."""

import pytest
from aws_cdk import App

from infra.packages import Target
from infra.stage import Stage
from tests.infra.templates import Platform


def stage(**context: str) -> Stage:
    return Stage.from_context(App(context={key.replace("_", "-"): value for key, value in context.items()}).node)


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"stage": "production"}, "stage is 'production'; allowed are local, dev, prod"),
        ({"stage": "local", "time_scale": "0.0"}, "time-scale is 0.0; allowed is more than 0"),
        ({"stage": "local", "time_scale": "1001"}, "allowed is more than 0 and at most 1000"),
        ({"stage": "prod", "time_scale": "2"}, "only stage local may be faster than real time"),
        ({"stage": "dev", "api_url": "http://127.0.0.1"}, "only stage local has an API that is not AppSync's own"),
    ],
)
def test_a_context_that_makes_no_sense_is_refused(context: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stage(**context)


def test_the_stage_is_dev_at_the_speed_of_time_unless_told_otherwise() -> None:
    assert stage() == Stage("dev", 1)


def test_durations_are_divided_by_the_time_scale() -> None:
    fast = stage(stage="local", time_scale="20")
    assert fast.seconds(45) == "2.250"
    assert fast.delay(45).to_seconds() == 3  # a queue counts whole seconds, rounded up
    assert fast.delay(1).to_seconds() == 1


def variables(platform: Platform, function: str) -> dict[str, str]:
    [found] = [f for f in platform.all("AWS::Lambda::Function") if f.properties["FunctionName"] == function]
    values: dict[str, str] = found.properties["Environment"]["Variables"]
    return values


@pytest.mark.parametrize(
    ("function", "name", "real", "faster"),
    [
        ("delivery-orders-timers", "MERCHANT_SILENCE_SECONDS", 300, 30),
        ("delivery-dispatch-rounds", "TIME_SCALE", 1, 10),  # by which it translates its durations, which are real ones
        ("delivery-dispatch-outbox", "TIME_SCALE", 1, 10),
        ("delivery-dispatch-outbox", "ROUND_WINDOW_SECONDS", 10, 1),
        ("delivery-tracking-outbox", "MOVED_SECONDS", 60, 6),
        ("delivery-tracking-outbox", "GIVE_UP_AFTER", 300, 30),
        ("delivery-tracking-outbox", "SPEED_MPS", 5, 50),
        ("delivery-tracking-inbox", "LINK_SECONDS", 3600, 360),
    ],
)
def test_functions_live_at_the_stages_speed(
    prod: Platform, local: Platform, function: str, name: str, real: float, faster: float
) -> None:
    assert float(variables(prod, function)[name]) == real
    assert float(variables(local, function)[name]) == faster


def test_a_round_waits_for_its_whole_window(platform: Platform) -> None:
    [rounds] = [
        queue
        for queue in platform.all("AWS::SQS::Queue")
        if queue.properties["QueueName"] == "delivery-dispatch-rounds.fifo"
    ]
    window = float(variables(platform, "delivery-dispatch-outbox")["ROUND_WINDOW_SECONDS"])
    assert rounds.properties["DelaySeconds"] >= window


def test_aws_runs_functions_on_graviton_and_its_newest_python(prod: Platform, dev: Platform) -> None:
    for function in [*prod.all("AWS::Lambda::Function"), *dev.all("AWS::Lambda::Function")]:
        assert function.properties["Architectures"] == ["arm64"]
        assert function.properties["Runtime"] == "python3.14"


def test_the_local_cloud_runs_them_on_this_machine(local: Platform) -> None:
    here = Target.host()
    for function in local.all("AWS::Lambda::Function"):
        assert function.properties["Architectures"] == [here.architecture]
        assert function.properties["Runtime"] == here.runtime


def test_in_prod_functions_write_neither_lambdas_lines_nor_those_for_measuring(prod: Platform, local: Platform) -> None:
    for function in prod.all("AWS::Lambda::Function"):
        configured = function.properties["LoggingConfig"]
        levels = [configured[name] for name in ("LogFormat", "SystemLogLevel", "ApplicationLogLevel")]
        assert levels == ["JSON", "WARN", "INFO"], function
        assert "POWERTOOLS_LOG_LEVEL" not in function.properties["Environment"]["Variables"]
    for function in local.all("AWS::Lambda::Function"):
        assert set(function.properties["LoggingConfig"]) == {"LogGroup"}
        assert function.properties["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == "DEBUG"
