"""Which SNS platform applications reach the mobile apps: `python -m infra.push_application [ARN …]`.

An application is made by hand, once for each platform (Firebase: GCM; Apple: APNS or APNS_SANDBOX), from the app's
credentials, which no template should hold; the notifications stack reads their ARNs from a parameter. Without an ARN
this makes sure that the parameter exists: `none` means that no app is reached, and pushes are recorded as suppressed.
"""

import argparse
import re
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import names
from services.notifications.settings import applications

NONE = "none"
_ARN = re.compile(rf"arn:[\w-]+:sns:[\w-]+:\d{{12}}:app/\w+/{names.PUSH_APPLICATION}")


def application_arn(text: str) -> str:
    """`text`, if it names a platform application that the push sender is allowed to use."""
    if text != NONE and not _ARN.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not the ARN of a platform application named `{names.PUSH_APPLICATION}`, such as "
            f"arn:aws:sns:eu-west-1:123456789012:app/GCM/{names.PUSH_APPLICATION}"
        )
    return text


def joined(arns: Sequence[str]) -> str | None:
    """The parameter's value for these ARNs, None for none given. Raises ValueError unless the push sender can tell from
    it which application is for which platform."""
    if NONE in arns and len(arns) > 1:
        raise ValueError(f"`{NONE}` reaches no app; right is `{NONE}` alone or ARNs alone")
    value = ",".join(arns)
    if value:
        applications(value)
    return value or None


def store(ssm: Any, value: str | None) -> str:
    """What the parameter says afterwards. Without `value` it is left as it is, or begun with `none`."""
    if value is None:
        found = ssm.get_parameters(Names=[names.PUSH_APPLICATION_ARN])["Parameters"]
        if found:
            return str(found[0]["Value"])
    ssm.put_parameter(Name=names.PUSH_APPLICATION_ARN, Value=value or NONE, Type="String", Overwrite=True)
    return value or NONE


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m infra.push_application",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "arns", nargs="*", type=application_arn, metavar="ARN", help="one for each platform; or `none`, to reach no app"
    )
    arns = parser.parse_args().arns
    try:
        value = joined(arns)
    except ValueError as error:
        parser.error(str(error))
    try:
        print(f"{names.PUSH_APPLICATION_ARN} = {store(boto3.client('ssm'), value)}")
    except (BotoCoreError, ClientError) as error:
        parser.exit(1, f"{parser.prog}: {error}\nIt needs credentials and a region: AWS_PROFILE, AWS_REGION.\n")


if __name__ == "__main__":
    main()
