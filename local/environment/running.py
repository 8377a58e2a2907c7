"""Finds the running platform, for whoever wants to use it."""

from typing import Any

from infra import names
from local.aws import Aws
from local.environment import servers
from local.environment.deployed import Deployed
from local.environment.servers import CLOUD, GATEWAY, PAGES
from local.environment.workspace import Workspace
from local.platform import Platform
from local.problem import Problem

_UP = "Start it with `delivery up`."


def find(workspace: Workspace | None = None) -> Platform:
    """The platform that is up on this machine. Raises Problem when it is not, or not completely."""
    workspace = workspace or Workspace.here()
    cloud, gateway, deployed = CLOUD.find(workspace), GATEWAY.find(workspace), Deployed.read(workspace)
    if cloud is None:
        raise Problem("The platform is not up.", _UP)
    if gateway is None:
        raise Problem("The platform is only half up: the GraphQL gateway does not run.", _UP)
    if deployed is None or not deployed.finished:
        raise Problem("The platform is only half up: its stacks are not deployed.", _UP)
    url = servers.endpoint(cloud.port)
    pool, client = _parameters(Aws.local(url).client("ssm"), names.USER_POOL_ID, names.USER_POOL_CLIENT_ID)
    return Platform(
        cloud_url=url,
        graphql_url=f"{servers.endpoint(gateway.port)}/graphql",
        pages_url=servers.endpoint(cloud.port + PAGES.port_offset),
        user_pool_id=pool,
        client_id=client,
        region=servers.REGION,
        time_scale=deployed.time_scale,
    )


def cloud(*, on_aws: bool = False, workspace: Workspace | None = None) -> Aws:
    """AWS itself, or the local cloud's APIs, whether or not all of the platform is up.

    Raises Problem when the local cloud is not up.
    """
    if on_aws:
        return Aws()
    running = CLOUD.find(workspace or Workspace.here())
    if running is None:
        raise Problem("The platform is not up.", f"{_UP} For a platform on AWS, add --aws.")
    return Aws.local(servers.endpoint(running.port))


def _parameters(ssm: Any, *wanted: str) -> list[str]:
    found = {p["Name"]: p["Value"] for p in ssm.get_parameters(Names=list(wanted))["Parameters"]}
    if missing := [name for name in wanted if name not in found]:
        raise Problem(f"The platform is only half up: parameter {', '.join(missing)} is missing.", _UP)
    return [found[name] for name in wanted]
