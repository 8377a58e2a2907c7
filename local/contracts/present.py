"""The contracts as the working tree has them: its models, its releases, its consumers."""

import tomllib

from delivery_events import CATALOG, schemas

from local.contracts import consumers, releases
from local.contracts.gate import Verdict, judge
from local.environment.workspace import ROOT
from local.problem import Problem


def verdict(base: str | None = None) -> Verdict:
    """The models against every release, and against those and the schemas of the revision `base`. Raises Problem."""
    promised = releases.read(ROOT)
    if base:
        promised += releases.read_revision(ROOT, base)
    if not promised:
        raise Problem("Nothing was released yet.", "Write down what is promised: `delivery contracts release`.")
    return judge(present(), promised, consumers.registered(ROOT))


def present() -> dict[str, releases.Json]:
    """The schema of every type, from its model. Raises Problem when a model lacks what a schema must have."""
    try:
        return {detail_type: schemas.schema(detail_type) for detail_type in CATALOG}
    except ValueError as error:
        raise Problem(f"An event's model is not complete: {error}.", "Then its change can be judged.") from None


def release() -> tuple[str, list[str]]:
    """Releases the models under the version of the events package; that version, and the types written. Raises Problem
    when they break a promise, or when there is nothing to write."""
    earlier = releases.read(ROOT)
    found = judge(present(), earlier, consumers.registered(ROOT))
    if found.breaking:
        raise Problem(
            "\n".join(["The events break what was released:", *(f"  {each}" for each in found.breaking)]),
            "Add an optional field instead, or publish a new major version beside the old one.",
        )
    version = str(tomllib.loads((ROOT / "events/pyproject.toml").read_text())["project"]["version"])
    return version, releases.write(ROOT, version, present())
