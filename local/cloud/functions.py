"""Functions run on a bare interpreter in a clean environment, as on AWS.

AWS: a Python function sees the standard library, the runtime's own packages and what its package brings ("Working with
.zip file archives for Python Lambda functions"), and the environment variables listed in "Working with Lambda
environment variables", nothing of whoever deployed it. MiniStack runs functions on its own interpreter with its own
environment, so a package that forgot a dependency would work here and fail there.

Replaced: `ministack.core.lambda_runtime._detect_runtime_binary`, which chooses the interpreter and the source of the
worker it runs; no setting does. The runtime's own boto3 is left out on purpose: AWS advises to package the version one
tested with, and the packages here do.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ministack.core import lambda_runtime

from local.cloud import patch
from local.cloud.settings import Settings, bare_python

# Runs in the worker before MiniStack's own code. MiniStack's settings are its own business, and every function on AWS
# sees UTC and this search path.
_PRELUDE = """
import os as _os
for _name in {hidden!r}:
    _os.environ.pop(_name, None)
_os.environ.update(TZ=":UTC", LANG="en_US.UTF-8", PATH="/usr/local/bin:/usr/bin:/bin")
_os.environ.update(AWS_EXECUTION_ENV="AWS_Lambda_{runtime}")
"""
_SEEN_BY_FUNCTIONS = frozenset({"AWS_DEFAULT_REGION", "LANG", "PATH"})


def bare_interpreter(state_dir: Path) -> Path:
    """An interpreter with nothing but the standard library, created in the state directory unless it is there."""
    python = bare_python(state_dir)
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(python.parents[1])], check=True)
    return python


def install(settings: Settings) -> None:
    """Lets python runtimes use `settings.lambda_python` or a bare interpreter in the state directory."""
    python = str(settings.lambda_python or bare_interpreter(settings.state_dir))
    hidden = sorted(settings.environment().keys() - _SEEN_BY_FUNCTIONS)

    def make(original: Callable[[str], tuple[str, str]]) -> Callable[[str], tuple[str, str]]:
        def detect(runtime: str) -> tuple[str, str]:
            binary, worker = original(runtime)
            if not runtime.startswith("python"):
                return binary, worker
            return python, _PRELUDE.format(hidden=hidden, runtime=runtime) + worker

        return detect

    patch.replace(lambda_runtime, "_detect_runtime_binary", make)
