"""`delivery up`: whatever is missing of a running platform with the present sources deployed, and nothing more."""

import time
from dataclasses import dataclass

from local.aws import Aws
from local.environment import fingerprint, loopback, process, push, servers, serving, stacks, toolchain
from local.environment.cdk import Cdk
from local.environment.deployed import Deployed
from local.environment.process import Running
from local.environment.servers import CLOUD, GATEWAY
from local.environment.serving import Say, serve
from local.environment.workspace import Workspace
from local.problem import Problem

DEFAULT_PORT = 4566
DEFAULT_TIME_SCALE = 20.0


@dataclass(frozen=True)
class Ready:
    """What `up` came to. deployed: whether anything had to be deployed. seconds: how long it took."""

    cloud_url: str
    graphql_url: str
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
        for server in (CLOUD, GATEWAY):  # both now: the gateway's turn comes minutes later, after the deployment
            server.ensure_port(workspace, port)
        cloud = serve(CLOUD, workspace, port, say)
        wanted = fingerprint.of_deployment(workspace.root, scale)
        current = known if known and _is_current(known, wanted, cloud) else None
        now = current or _deploy(workspace, cloud, wanted, scale, say)
        _gateway(workspace, cloud.port, reload=current is None, say=say)
    seconds = time.monotonic() - began
    graphql_url = f"{servers.endpoint(cloud.port + GATEWAY.port_offset)}/graphql"
    return Ready(servers.endpoint(cloud.port), graphql_url, scale, now.stacks, current is None, round(seconds, 2))


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


def _is_current(known: Deployed, wanted: str, cloud: Running) -> bool:
    """Whether exactly this is deployed, and still there: a local cloud that was killed may have lost it."""
    if known.fingerprint != wanted or known.port != cloud.port:
        return False
    there = {stack.name for stack in _list(cloud) if stack.complete}
    return there.issuperset(known.stacks)


def _list(cloud: Running) -> list[stacks.Stack]:
    return stacks.list_stacks(Aws.local(servers.endpoint(cloud.port)).client("cloudformation"))


def _deploy(workspace: Workspace, cloud: Running, wanted: str, scale: float, say: Say) -> Deployed:
    command = toolchain.check(workspace)
    cloud = _without_stuck_stacks(workspace, cloud, say)
    # From here until all is deployed nothing is known, whatever happens.
    workspace.deployed_file.unlink(missing_ok=True)
    cdk = Cdk(command, workspace, cloud, say)
    if stacks.BOOTSTRAP not in {stack.name for stack in _list(cloud) if stack.complete}:
        cdk.bootstrap()
    push.ensure(Aws.local(servers.endpoint(cloud.port)))
    cdk.deploy(scale)
    names = tuple(stack.name for stack in _list(cloud) if stack.name != stacks.BOOTSTRAP)
    deployed = Deployed(wanted, names, cloud.port, scale)
    deployed.write(workspace)
    return deployed


def _without_stuck_stacks(workspace: Workspace, cloud: Running, say: Say) -> Running:
    """The cloud, emptied if a crash left a stack in the middle of a change: nothing would ever finish that."""
    stuck = [f"{stack.name} is {stack.status}" for stack in _list(cloud) if stack.stuck]
    if not stuck:
        return cloud
    say(f"Starting afresh, as a deployment was cut off: {', '.join(stuck)}")
    process.stop([cloud.process])
    serving.stop_orphans(workspace)
    workspace.forget_state()
    return CLOUD.start(workspace, cloud.port)


def _gateway(workspace: Workspace, cloud_port: int, *, reload: bool, say: Say) -> None:
    before = GATEWAY.find(workspace)
    gateway = serve(GATEWAY, workspace, cloud_port, say)
    if reload and before and before.pid == gateway.pid:
        refusal = loopback.ask(gateway.port, "POST", "/reload", timeout_s=30)
        if refusal:
            raise Problem(f"The gateway refuses the API: {refusal}", f"See {workspace.log(GATEWAY.name)}.")
