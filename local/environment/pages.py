"""The pages of the local platform: built when their sources have changed, and told where everything is."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from infra.web.configuration import DEMO_CITY, Configuration
from infra.web.deployed import deployed_parts
from infra.web.files import BUILT
from local.aws import Aws
from local.environment import demo, fingerprint, servers
from local.environment.serving import Say
from local.environment.workspace import Workspace
from local.node import node_binary
from local.problem import Problem

_FINGERPRINT = BUILT / ".fingerprint"
_PATIENCE_SECONDS = 120.0


@dataclass(frozen=True)
class Building:
    """A build that goes on while other things are done; None when nothing had to be built."""

    process: "subprocess.Popen[bytes] | None"
    log: Path
    fingerprint: str

    def finish(self) -> None:
        """Waits for it. Raises Problem when the pages could not be built."""
        if self.process is None:
            return
        try:
            status = self.process.wait(_PATIENCE_SECONDS)
        finally:
            self.process.kill()
        if status:
            raise Problem(f"The pages could not be built:\n{servers.tail(self.log)}", f"See {self.log}.")
        _FINGERPRINT.write_text(self.fingerprint)


def build(workspace: Workspace, say: Say) -> Building:
    """Begins to build the pages, if those that are built are of other sources.

    Raises Problem when the npm packages are not installed.
    """
    vite = workspace.root / "web" / "node_modules" / "vite" / "bin" / "vite.js"
    log = workspace.log("pages-build")
    current = fingerprint.of_files(workspace.root, ["web"])
    if _FINGERPRINT.exists() and _FINGERPRINT.read_text() == current:
        return Building(None, log, current)
    if not vite.exists():
        raise Problem("The npm packages of the pages are missing in web/node_modules.", "Run `make install`.")
    say("Building the pages")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [node_binary(), str(vite), "build", "--logLevel", "warn"],
            cwd=workspace.root / "web",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Building(process, log, current)


def configure(workspace: Workspace, cloud_url: str, graphql_url: str, time_scale: float) -> None:
    """Writes `config.json` for what is deployed, and makes the accounts that it offers to try the pages with."""
    found = deployed_parts(Aws.local(cloud_url).client("ssm"))
    accounts = demo.accounts(Aws.local(cloud_url).client("cognito-idp"), found.user_pool_id, found.client_id)
    configured = Configuration(
        region=servers.REGION,
        api_url=graphql_url,
        api_key=found.api_key,
        user_pool_id=found.user_pool_id,
        client_id=found.client_id,
        identity_pool_id=found.identity_pool_id,
        proofs_bucket=found.proofs_bucket,
        area=DEMO_CITY,
        time_scale=time_scale,
        endpoint=cloud_url,
        demo=demo.offered(accounts, time_scale),
    )
    scratch = workspace.pages_configuration.with_suffix(".new")
    scratch.write_text(json.dumps(configured.as_json()) + "\n")
    scratch.replace(workspace.pages_configuration)
