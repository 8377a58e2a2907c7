"""Runs the real CDK CLI against the local cloud, and says in a few lines what it does in hundreds."""

import re
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.environment import process, servers
from local.environment.process import Running
from local.environment.workspace import Workspace
from local.problem import Problem

# A first deployment takes one or two minutes, most of it packaging.
_PATIENCE_SECONDS = 1200.0
_FAREWELL_SECONDS = 3.0

APP = ("-m", "infra.app")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cdk:
    """command: runs the pinned CLI. cloud: the local cloud it deploys to. say: told each step in one line."""

    command: tuple[str, ...]
    workspace: Workspace
    cloud: Running
    say: Say

    def bootstrap(self) -> None:
        """The CDK's own stack, with the bucket that assets go through."""
        self.say("Bootstrapping the CDK in the local cloud")
        self._run("bootstrap", f"aws://{servers.ACCOUNT}/{servers.REGION}")

    def deploy(self, time_scale: float) -> None:
        """Every stack; those that have not changed are left alone. Raises Problem with the CDK's own last words."""
        self.say("Synthesising the stacks and building the Lambda packages")
        app = ["--app", shlex.join([sys.executable, *APP]), "--output", str(self.workspace.assembly)]
        api_url = servers.api_url(self.cloud.port)
        given = ("stage=local", f"time-scale={time_scale:g}", f"api-url={api_url}")
        context = [part for each in given for part in ("--context", each)]
        quiet = ["--require-approval", "never", "--progress", "events"]
        self._run("deploy", "--all", *app, *context, *quiet, "--concurrency", "4", "--asset-parallelism")

    def _run(self, command: str, *arguments: str) -> None:
        log = self.workspace.log(command)
        log.parent.mkdir(parents=True, exist_ok=True)
        line = [*self.command, command, *arguments, "--no-notices", "--no-version-reporting", "--no-color"]
        environment = servers.environment(self.cloud.port) | {"CDK_DISABLE_CLI_TELEMETRY": "true", "NO_COLOR": "1"}
        cdk = subprocess.Popen(
            line, cwd=self.workspace.root, env=environment, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        watch = Watch(cdk, self.cloud)
        with log.open("w") as file, watch:
            assert cdk.stdout  # noqa: S101 - it is a pipe
            for text in cdk.stdout:
                file.write(text)
                file.flush()
                for news in progress(text):
                    self.say(news)
        if watch.reason:
            raise Problem(watch.reason, f"See {log} and {self.workspace.log('cloud')}, then run `delivery up` again.")
        if cdk.wait():
            raise Problem(f"cdk {command} failed:\n{_last_words(log)}", f"The whole output is in {log}.")


class Watch:
    """Ends the CDK when the local cloud under it ended: on its own it would go on trying for minutes."""

    def __init__(self, cdk: "subprocess.Popen[str]", cloud: Running) -> None:
        self.reason = ""
        self._cdk = cdk
        self._cloud = cloud
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if kind:  # Ctrl-C, say: the CDK must not go on behind our back
            self._end()
        self._cdk.wait()
        if self._cdk.stdout:
            self._cdk.stdout.close()

    def _watch(self) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._done.wait(0.5):
            if not self._cloud.alive():
                self.reason = "The local cloud ended while the stacks were deployed."
            elif time.monotonic() > deadline:
                self.reason = f"The CDK has not finished after {_PATIENCE_SECONDS / 60:.0f} minutes."
            if self.reason:
                self._end()
                return

    def _end(self) -> None:
        """Its descendants too: the app that it runs holds the same pipe, which would be read until they all end."""
        with suppress(psutil.NoSuchProcess):
            process.stop([psutil.Process(self._cdk.pid)], patience_s=_FAREWELL_SECONDS)


_STEPS = (
    (re.compile(r"^✨\s+Synthesis time: (?P<took>\S+)"), "Synthesised in {took}"),
    (re.compile(r"^(?P<stack>[\w-]+): deploying\.\.\."), "{stack}: deploying"),
    (re.compile(r"^\s*✅\s+(?P<stack>[\w-]+) \(no changes\)"), "{stack}: nothing has changed"),
    (re.compile(r"^\s*✅\s+(?P<stack>[\w-]+)\s*$"), "{stack}: deployed"),
    (re.compile(r"^\s*❌\s+(?P<stack>[\w-]+)"), "{stack}: failed"),
    (re.compile(r"^(?P<stack>[\w-]+) \|.*\| \w+_FAILED +\| (?P<what>.+?)\s*$"), "{stack}: {what}"),
)


def progress(line: str) -> Iterator[str]:
    """What a line of the CDK's output means to someone who waits; nothing, for most lines."""
    for pattern, sentence in _STEPS:
        if found := pattern.match(line):
            yield sentence.format(**found.groupdict())
            return


_NOISE = re.compile(r"^\s*$|CREATE_IN_PROGRESS|CREATE_COMPLETE|: (start|success): |NodeVersion|jsii")


def _last_words(log: Path, lines: int = 25) -> str:
    """The end of the CDK's output without its chatter."""
    meant = [line for line in log.read_text(errors="replace").splitlines() if not _NOISE.search(line)]
    return "\n".join(f"  {line}" for line in meant[-lines:]) or "  (it said nothing)"
