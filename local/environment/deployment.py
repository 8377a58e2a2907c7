"""Deploys the present sources to the local cloud, whatever an earlier attempt left there."""

from dataclasses import dataclass
from typing import Any

from local.aws import Aws
from local.environment import process, push, servers, serving, stacks, stuck, toolchain
from local.environment.cdk import Cdk
from local.environment.deployed import Deployed
from local.environment.process import Running
from local.environment.servers import CLOUD
from local.environment.serving import Say
from local.environment.workspace import Workspace


@dataclass(frozen=True)
class Deployment:
    """fingerprint: of everything that goes in. time_scale: by what every duration is divided."""

    workspace: Workspace
    fingerprint: str
    time_scale: float
    say: Say

    def is_current(self, known: Deployed, port: int, cloudformation: Any) -> bool:
        """Whether exactly this is deployed, and still there: a local cloud that was killed may have lost it."""
        if known.fingerprint != self.fingerprint or known.port != port:
            return False
        there = {stack.name for stack in stacks.list_stacks(cloudformation) if stack.complete}
        return there.issuperset(known.stacks)

    def run(self, cloud: Running, *, patience_s: float) -> Deployed:
        """What is deployed then; whoever asked writes it down once it is in use.

        patience_s: how long a change that goes on in the cloud may take before it counts as one that a crash left.
        """
        command = toolchain.check(self.workspace)
        # Until then nothing is known to be deployed, but what is there has this port in it, and keeps this scale.
        Deployed.unfinished(cloud.port, self.time_scale).write(self.workspace)
        cloud = self._without_stuck_stacks(cloud, patience_s)
        aws = Aws.local(servers.endpoint(cloud.port))
        cloudformation = aws.client("cloudformation")
        cdk = Cdk(command, self.workspace, cloud, self.say)
        if stacks.BOOTSTRAP not in {stack.name for stack in stacks.list_stacks(cloudformation) if stack.complete}:
            cdk.bootstrap()
        push.ensure(aws)
        cdk.deploy(self.time_scale)
        names = tuple(stack.name for stack in stacks.list_stacks(cloudformation) if stack.name != stacks.BOOTSTRAP)
        return Deployed(self.fingerprint, names, cloud.port, self.time_scale)

    def _without_stuck_stacks(self, cloud: Running, patience_s: float) -> Running:
        """The cloud, emptied if a crash left a stack in the middle of a change: nothing would ever finish that."""
        cloudformation = Aws.local(servers.endpoint(cloud.port)).client("cloudformation")
        left = stuck.after(cloudformation, patience_s, self.say)
        if not left:
            stuck.delete_unstarted(cloudformation)
            return cloud
        named = ", ".join(f"{stack.name} is {stack.status}" for stack in left)
        self.say(f"Starting afresh, as a deployment was cut off: {named}")
        process.stop([cloud.process])
        serving.stop_orphans(self.workspace)
        self.workspace.forget_cloud()
        return CLOUD.start(self.workspace, cloud.port)
