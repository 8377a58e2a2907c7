"""Buckets that take requests over TLS alone take those of this machine."""

import json

import pytest

from local.aws import Aws

pytestmark = pytest.mark.local_cloud


def test_a_bucket_that_denies_plain_http_takes_what_comes_over_loopback(aws: Aws, name: str) -> None:
    """AWS: aws:SecureTransport is true for a request over TLS; the CDK's bucket denies every other."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=name)
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{name}/*"}
    policy = {"Version": "2012-10-17", "Statement": [everything | {"Condition": plain}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))

    s3.put_object(Bucket=name, Key="asset.zip", Body=b"content")

    assert s3.get_object(Bucket=name, Key="asset.zip")["Body"].read() == b"content"
