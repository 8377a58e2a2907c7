"""Another version of the whole platform's sources, of which each stack can be deployed alone."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infra import names
from infra.app import SERVICES
from local.environment import servers, toolchain
from local.environment.workspace import ROOT
from tests.deployed import Deployed

_SOURCES = ("events", "infra", "services", "requirements")
_LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", "*.egg-info")

_READY_V2 = '''

class OrderReadyV2(EventData):
    """What order.ready says since it says it anew: in bags, and no longer with all of the order."""

    TYPE = "order.ready"
    VERSION = 2
    SOURCE: ClassVar[str] = "delivery.orders"

    order_id: OrderId = Field(description="The order that is ready.")
    ready_at: Timestamp = Field(description="When the merchant said it is ready.")
    bags: int = Field(default=1, description="How many bags.", examples=[1], json_schema_extra=unit("bags"))
'''


@dataclass(frozen=True)
class Changed:
    """Sources in which every service is another version of itself, and orders also publishes order.ready.v2.

    It is synthesised once; each of its stacks can then be deployed alone.
    """

    deployed: Deployed
    tree: Path
    time_scale: float

    @classmethod
    def of(cls, deployed: Deployed, scratch: Path) -> "Changed":
        tree = scratch / "changed"
        for name in _SOURCES:
            shutil.copytree(ROOT / name, tree / name, ignore=_LEFT_OUT)
        (tree / "infra" / "node_modules").symlink_to(ROOT / "infra" / "node_modules")
        (ROOT / ".local").mkdir(exist_ok=True)
        (tree / ".local").symlink_to(ROOT / ".local")  # the packages' dependencies, which are the same
        for service in SERVICES:
            _append(tree / "services" / service / "settings.py", "\nREVISION = 2\n")
        _publish_v2(tree)
        return cls(deployed, tree, deployed.platform.time_scale)

    @cached_property
    def assembly(self) -> Path:
        """What the CDK makes of these sources."""
        out = self.tree / "cdk.out"
        app = ["--app", shlex.join([sys.executable, "-m", "infra.app"]), "--output", str(out)]
        context = ["--context", "stage=local", "--context", f"time-scale={self.time_scale:g}"]
        self._cdk("synth", "--quiet", *app, *context, cwd=self.tree, path=self.tree / "events")
        return out

    @property
    def present(self) -> Path:
        """What the CDK made of the sources as they are."""
        return self.deployed.workspace.assembly

    def deploy(self, assembly: Path, *services: str) -> None:
        """Those services' stacks and no others."""
        quiet = ["--require-approval", "never", "--progress", "events"]
        stacks = map(names.of, services)
        self._cdk("deploy", *stacks, "--exclusively", "--concurrency", "4", "--app", str(assembly), *quiet, cwd=ROOT)

    def code_of(self, service: str) -> str:
        """Which code the service's inbox runs."""
        functions = self.deployed.platform.aws.client("lambda")
        sha: str = functions.get_function_configuration(FunctionName=names.of(service, "inbox"))["CodeSha256"]
        return sha

    def _cdk(self, *arguments: str, cwd: Path, path: Path | None = None) -> None:
        port = int(self.deployed.platform.cloud_url.rpartition(":")[2])
        environment = servers.environment(port) | {"CDK_DISABLE_CLI_TELEMETRY": "true", "NO_COLOR": "1"}
        if path:
            environment["PYTHONPATH"] = os.pathsep.join([str(cwd), str(path)])
        command = [*toolchain.check(self.deployed.workspace), *arguments, "--no-notices", "--no-version-reporting"]
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def _publish_v2(tree: Path) -> None:
    """The new major version beside the old one: a model, and a line where the old one is published."""
    _append(tree / "events" / "delivery_events" / "orders.py", _READY_V2)
    domain = tree / "services" / "orders" / "domain.py"
    text = domain.read_text()
    told = "        kinds.append(OrderReady)\n"
    assert told in text
    assert "    OrderReady,\n" in text
    text = text.replace(told, told + "        kinds.append(OrderReadyV2)  # type: ignore[arg-type]\n")
    domain.write_text(text.replace("    OrderReady,\n", "    OrderReady,\n    OrderReadyV2,\n"))
