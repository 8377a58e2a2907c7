"""Keeps a stage out of another one's account: `python -m infra.account_stage STAGE`.

An account holds one stage, and all stages name things alike. A `dev` deployed over `prod` would take the protection
off prod's tables. The platform stack says in a parameter which stage is deployed; deploying and destroying look there
first.
"""

import argparse
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import names
from infra.stage import NAMES


def deployed_stage(ssm: Any) -> str | None:
    """None when nothing is deployed yet."""
    found = ssm.get_parameters(Names=[names.STAGE])["Parameters"]
    return str(found[0]["Value"]) if found else None


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.account_stage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stage", choices=NAMES, metavar="STAGE", help=f"one of {', '.join(NAMES)}")
    wanted = parser.parse_args().stage
    try:
        deployed = deployed_stage(boto3.client("ssm"))
    except (BotoCoreError, ClientError) as error:
        parser.exit(1, f"{parser.prog}: {error}\nIt needs credentials and a region: AWS_PROFILE, AWS_REGION.\n")
    if deployed not in (None, wanted):
        parser.exit(
            1, f"This account holds stage {deployed}, not {wanted}: say STAGE={deployed}, or change the account.\n"
        )


if __name__ == "__main__":
    main()
