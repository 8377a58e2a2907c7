"""A background process that outlives the command which started it, and is found again by the next one.

A record in the state directory holds its process id. A process id alone proves nothing, since the system uses it again
after a crash; only a process whose command line is the recorded one and which started at the recorded time is ours.
"""

import json
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

# The system computes a process's start from its uptime and the clock, and the clock may have been set since.
_START_TOLERANCE_SECONDS = 10.0


@dataclass(frozen=True)
class Running:
    """A live process. `started` is in seconds since 1970; `code` identifies the source it was started from."""

    process: psutil.Process
    port: int
    code: str
    command: tuple[str, ...]
    started: float

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def uptime_s(self) -> float:
        return max(0.0, time.time() - self.started)

    def alive(self) -> bool:
        return _alive(self.process)


def start(
    record: Path, command: Sequence[str], *, port: int, code: str, log: Path, cwd: Path, env: Mapping[str, str]
) -> Running:
    """Starts `command` detached from this terminal, its output appended to `log`, and writes its record."""
    for path in (log, record):
        path.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    child.returncode = 0  # it is meant to outlive this command: Popen shall not warn that nobody waited for it
    process = psutil.Process(child.pid)
    running = Running(process, port, code, tuple(command), process.create_time())
    content = {"pid": running.pid, "started": running.started, "command": command, "port": port, "code": code}
    scratch = record.with_suffix(".new")
    scratch.write_text(json.dumps(content, indent=2) + "\n")
    scratch.replace(record)
    return running


def find(record: Path) -> Running | None:
    """The recorded process if it lives. A record of a process that is gone is deleted: a crash left it behind."""
    try:
        content = json.loads(record.read_text())
        command, started = tuple(content["command"]), float(content["started"])
        process = psutil.Process(int(content["pid"]))
        if _alive(process) and _is(process, command, started):
            return Running(process, int(content["port"]), str(content["code"]), command, started)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, psutil.Error):
        pass
    record.unlink(missing_ok=True)
    return None


def stop(processes: Sequence[psutil.Process], *, patience_s: float = 20.0) -> list[int]:
    """Ends the processes and all their descendants: SIGTERM to each given one, SIGKILL to what is left after a while.

    psutil compares start times before each signal, so a process id that was used again meanwhile is not hit.
    Returns the ids that had to be killed.
    """
    families = [member for process in processes for member in _family(process)]
    for process in processes:
        _quietly(process.terminate)
    psutil.wait_procs([p for p in processes if _alive(p)], timeout=patience_s)
    # Descendants get a moment of their own: a parent that saved and left took its workers along, mostly.
    _, left = psutil.wait_procs([p for p in families if _alive(p)], timeout=1.0)
    for process in left:
        _quietly(process.kill)
    psutil.wait_procs(left, timeout=5.0)
    return [process.pid for process in left]


def started_from(executable: Path) -> list[psutil.Process]:
    """Live processes whose command begins with this path: workers that a killed parent left behind."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if (process.info["cmdline"] or [""])[0] == str(executable) and _alive(process)
    ]


def with_command(command: Sequence[str]) -> list[psutil.Process]:
    """Live processes with exactly this command line, wherever their record went."""
    return [
        p for p in psutil.process_iter(["cmdline"]) if _same_command(p.info["cmdline"] or [], command) and _alive(p)
    ]


def _is(process: psutil.Process, command: tuple[str, ...], started: float) -> bool:
    return _same_command(process.cmdline(), command) and abs(process.create_time() - started) < _START_TOLERANCE_SECONDS


def _same_command(actual: Sequence[str], command: Sequence[str]) -> bool:
    # Without the interpreter: on macOS a virtual environment's python becomes the framework's.
    return list(actual[1:]) == list(command[1:])


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return [process]


def _quietly(signal: Callable[[], None]) -> None:
    with suppress(psutil.Error):
        signal()
