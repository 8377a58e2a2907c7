"""Lambda packages: one directory per service with its own modules and its own locked dependencies, ready to be zipped.

    lambda_.Code.from_asset(str(build("orders", Target.aws())))

No Docker and no root: wheels for the target's platform come from uv, byte-code from a Python of the target's version.
`python -m infra.packages` builds and prints what each package weighs.
"""

from infra.packages.builder import build
from infra.packages.errors import PackageError
from infra.packages.target import Target

__all__ = ["PackageError", "Target", "build"]
