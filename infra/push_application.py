"""Which SNS platform application reaches the mobile apps: `python -m infra.push_application [ARN]`.

An application is made by hand, once, from the apps' Firebase credentials, which no template should hold; the
notifications stack reads its ARN from a parameter. Without an ARN this makes sure that the parameter exists: `none`
means that no app is reached, and pushes are recorded as suppressed.
"""

import argparse
import re
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import names

NONE = "none"
_ARN = re.compile(rf"arn:[\w-]+:sns:[\w-]+:\d{{12}}:app/\w+/{names.PREFIX.rstrip('-')}")


def application_arn(text: str) -> str:
    """`text`, if it names a platform application that the push sender is allowed to use."""
    if text != NONE and not _ARN.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not the ARN of a platform application named `delivery`, such as "
            "arn:aws:sns:eu-west-1:123456789012:app/GCM/delivery"
        )
    return text


def store(ssm: Any, arn: str | None) -> str:
    """What the parameter says afterwards. Without `arn` it is left as it is, or begun with `none`."""
    if arn is None:
        found = ssm.get_parameters(Names=[names.PUSH_APPLICATION_ARN])["Parameters"]
        if found:
            return str(found[0]["Value"])
    ssm.put_parameter(Name=names.PUSH_APPLICATION_ARN, Value=arn or NONE, Type="String", Overwrite=True)
    return arn or NONE


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.push_application",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("arn", nargs="?", type=application_arn, metavar="ARN", help="or `none`, to reach no app")
    arn = parser.parse_args().arn
    try:
        print(f"{names.PUSH_APPLICATION_ARN} = {store(boto3.client('ssm'), arn)}")
    except (BotoCoreError, ClientError) as error:
        parser.exit(1, f"{parser.prog}: {error}\nIt needs credentials and a region: AWS_PROFILE, AWS_REGION.\n")


if __name__ == "__main__":
    main()
