"""The CDK app: `python -m infra.app`.

Context: `stage` (local, dev or prod; default dev), `time-scale` and `api-url` (local only), `service` (one service's
stack alone), `partners` (a folder of partner files; default infra/partners).
"""

from collections.abc import Callable
from importlib import import_module

from aws_cdk import App, Stack, Tags
from constructs import Construct

from infra.api_stack import ApiStack
from infra.platform_stack import PlatformStack
from infra.stage import Stage
from infra.web_stack import WebStack

SERVICES = ("orders", "dispatch", "tracking", "notifications", "partners")


def service_stack(service: str) -> Callable[[Construct, Stage], Stack]:
    """The stack class of a service: `services.<service>.stack.<Service>Stack`."""
    stack: Callable[[Construct, Stage], Stack] = getattr(
        import_module(f"services.{service}.stack"), f"{service.capitalize()}Stack"
    )
    return stack


def build(app: App) -> list[Stack]:
    """Add the stacks to `app`. Raises ValueError that says what is allowed when a context value is not."""
    stage = Stage.from_context(app.node)
    only = app.node.try_get_context("service")
    if only and only not in SERVICES:
        raise ValueError(f"service is {only!r}; allowed are {', '.join(SERVICES)}")
    stacks = [service_stack(only)(app, stage)] if only else _all(app, stage)
    for each in stacks:
        Tags.of(each).add("project", "delivery")
        Tags.of(each).add("stage", stage.name)
    return stacks


def _all(app: App, stage: Stage) -> list[Stack]:
    platform = PlatformStack(app, stage)
    api = ApiStack(app, stage)
    api.add_stack_dependency(platform)
    services = [service_stack(service)(app, stage) for service in SERVICES]
    web = WebStack(app, stage)
    for stack in (*services, web):
        stack.add_stack_dependency(api)
    return [platform, api, *services, web]


def main() -> None:
    app = App()
    build(app)
    app.synth()


if __name__ == "__main__":
    main()
