"""The CDK is ended with all that it started when there is nothing left to wait for."""

import subprocess
import sys
import time

import psutil
import pytest

from local.environment import toolchain
from local.environment.cdk import Cdk
from local.environment.process import Running
from local.environment.workspace import Workspace
from local.problem import Problem

# As the CDK does: it starts the app, which inherits its output.
STARTS_AN_APP = """
import subprocess, sys, time
app = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60); print('the app was waited for')"])
print("app", app.pid, flush=True)
time.sleep(60)
print("the CDK was waited for")
"""


@pytest.fixture
def ended_cloud() -> Running:
    child = subprocess.Popen([sys.executable, "-c", ""])
    ended = psutil.Process(child.pid)
    child.wait()
    return Running(ended, port=1, code="", command=(), started=time.time())


def test_no_process_of_the_cdk_outlives_a_local_cloud_that_ended(workspace: Workspace, ended_cloud: Running) -> None:
    cdk = Cdk((sys.executable, "-c", STARTS_AN_APP), workspace, ended_cloud, print)

    with pytest.raises(Problem, match="local cloud ended"):
        cdk.bootstrap()

    said = workspace.log("bootstrap").read_text()
    assert "waited for" not in said
    app = int(said.split()[1])
    assert app not in {p.pid for p in psutil.process_iter(["status"]) if p.info["status"] != psutil.STATUS_ZOMBIE}


def test_the_cdk_is_run_by_node_itself(workspace: Workspace) -> None:
    """And not by a script that starts Node, and lives and ends without it."""
    node, script = toolchain.check(workspace)
    arguments = ["-e", "console.log('up'); setTimeout(() => {}, 60_000)"]

    with subprocess.Popen([node, *arguments], stdout=subprocess.PIPE) as started:
        assert started.stdout
        assert started.stdout.readline() == b"up\n"
        assert psutil.Process(started.pid).children() == []
        started.kill()
    assert subprocess.run([node, script, "--version"], capture_output=True, check=True).stdout
