"""The mobile push application: what a Firebase key makes on AWS, made with a placeholder in the local cloud.

On AWS an operator creates it once from the app's own Firebase credentials and puts its ARN into the same parameter.
"""

from infra import names
from local.aws import Aws


def ensure(aws: Aws) -> None:
    """Creates the application and stores its ARN where stacks look for it. Repeating it changes nothing."""
    arn = aws.client("sns").create_platform_application(
        Name=names.PUSH_APPLICATION, Platform="GCM", Attributes={"PlatformCredential": "local"}
    )["PlatformApplicationArn"]
    aws.client("ssm").put_parameter(Name=names.PUSH_APPLICATION_ARN, Value=arn, Type="String", Overwrite=True)
