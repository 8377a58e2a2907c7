"""`delivery up`: whatever is missing of a running platform with the present sources deployed, and nothing more."""

import time
from dataclasses import dataclass

from local.aws import Aws
from local.environment import fingerprint, loopback, pages, servers
from local.environment.deployed import Deployed
from local.environment.deployment import Deployment
from local.environment.servers import CLOUD, GATEWAY, PAGES, SERVERS
from local.environment.serving import Say, serve
from local.environment.workspace import Workspace
from local.problem import Problem

DEFAULT_PORT = 4566
DEFAULT_TIME_SCALE = 20.0
# The cloud makes a stack in seconds.
_CHANGE_SECONDS = 30.0


@dataclass(frozen=True)
class Ready:
    """What `up` came to. deployed: whether anything had to be deployed. seconds: how long it took."""

    cloud_url: str
    graphql_url: str
    pages_url: str
    time_scale: float
    stacks: tuple[str, ...]
    deployed: bool
    seconds: float


def up(workspace: Workspace, port: int | None, time_scale: float | None, say: Say) -> Ready:
    """Starts and deploys what is missing or has changed. `port` and `time_scale` default to those in use.

    Raises Problem when something stands in the way, saying what and what to do.
    """
    began = time.monotonic()
    with workspace.exclusive():
        known = Deployed.read(workspace)
        scale = time_scale or (known.time_scale if known else DEFAULT_TIME_SCALE)
        port = _port(workspace, port, known)
        for server in SERVERS:  # all now: the turn of most comes minutes later, after the deployment
            server.ensure_port(workspace, port)
        building = pages.build(workspace, say)
        before = CLOUD.find(workspace)
        cloud = serve(CLOUD, workspace, port, say)
        deployment = Deployment(workspace, fingerprint.of_deployment(workspace.root, scale), scale, say)
        cloudformation = Aws.local(servers.endpoint(cloud.port)).client("cloudformation")
        current = known if known and deployment.is_current(known, cloud.port, cloudformation) else None
        # In a process that has just started, nothing goes on that it did not start.
        same_process = before is not None and before.pid == cloud.pid
        now = current or deployment.run(cloud, patience_s=_CHANGE_SECONDS if same_process else 0.0)
        _gateway(workspace, cloud.port, reload=current is None, say=say)
        building.finish()
        if current is None or not workspace.pages_configuration.exists():
            pages.configure(workspace, servers.endpoint(cloud.port), servers.api_url(cloud.port), scale)
        serve(PAGES, workspace, cloud.port, say)
        now.write(workspace)  # after the gateway: what is written there as deployed, it serves
    seconds = time.monotonic() - began
    return Ready(
        cloud_url=servers.endpoint(cloud.port),
        graphql_url=servers.api_url(cloud.port),
        pages_url=servers.endpoint(cloud.port + PAGES.port_offset),
        time_scale=scale,
        stacks=now.stacks,
        deployed=current is None,
        seconds=round(seconds, 2),
    )


def _port(workspace: Workspace, asked: int | None, known: Deployed | None) -> int:
    running = CLOUD.find(workspace)
    if running and asked and running.port != asked:
        raise Problem(f"The platform is up on port {running.port}.", "Run `delivery down` first to move it.")
    if running:
        return running.port
    port = asked or (known.port if known else DEFAULT_PORT)
    if known and known.port != port:
        # What is deployed contains the old port: in queue URLs, in functions' environments.
        raise Problem(
            f"What is deployed was deployed on port {known.port}.",
            f"Use that port, or start afresh: `delivery down --purge`, then `delivery up --port {port}`.",
        )
    return port


def _gateway(workspace: Workspace, cloud_port: int, *, reload: bool, say: Say) -> None:
    before = GATEWAY.find(workspace)
    gateway = serve(GATEWAY, workspace, cloud_port, say)
    if reload and before and before.pid == gateway.pid:
        refusal = loopback.ask(gateway.port, "POST", "/reload", timeout_s=30)
        if refusal:
            raise Problem(f"The gateway refuses the API: {refusal}", f"See {workspace.log(GATEWAY.name)}.")
