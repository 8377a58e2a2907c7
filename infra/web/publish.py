"""Puts the built pages in place: `python -m infra.web.publish`, after `delivery-web` was deployed.

Every file goes into the bucket, `config.json` last, made of what is deployed and of `map.yaml`, and CloudFront forgets
what may have changed. Files that no page refers to any more stay: a page that was opened before still asks for them.
"""

import argparse
import json
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra import names
from infra.web import map_file
from infra.web.configuration import Configuration
from infra.web.deployed import deployed_parts, values
from infra.web.files import CONFIGURATION, File, built_files
from infra.web.headers import cache_control
from infra.web.map_file import MapFileError, MapSettings


def configuration(ssm: Any, region: str, maps: MapSettings) -> Configuration:
    """For what is deployed in an account. Raises LookupError that names what is not."""
    parts = deployed_parts(ssm)
    return Configuration(
        region=region,
        api_url=parts.api_url,
        api_key=parts.api_key,
        user_pool_id=parts.user_pool_id,
        client_id=parts.client_id,
        identity_pool_id=parts.identity_pool_id,
        proofs_bucket=parts.proofs_bucket,
        area=maps.area,
        tiles=maps.tiles,
    )


def upload(s3: Any, bucket: str, files: list[File], configured: Configuration) -> None:
    """Assets first and pages after them, so that no page refers to what is not there yet."""
    for file in sorted(files, key=lambda each: not each.key.startswith("assets/")):
        s3.put_object(
            Bucket=bucket,
            Key=file.key,
            Body=file.path.read_bytes(),
            ContentType=file.content_type,
            CacheControl=cache_control(file.key),
        )
    s3.put_object(
        Bucket=bucket,
        Key=CONFIGURATION,
        Body=json.dumps(configured.as_json()).encode(),
        ContentType="application/json; charset=utf-8",
        CacheControl=cache_control(CONFIGURATION),
    )


def forget(cloudfront: Any, distribution: str, files: list[File]) -> None:
    """Lets CloudFront ask again for everything whose name stays the same."""
    paths = ["/", *(f"/{file.key}" for file in files if not file.key.startswith("assets/")), f"/{CONFIGURATION}"]
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": str(time.time_ns())}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.web.publish", description=__doc__.split("\n\n")[0])
    parser.parse_args()
    session = boto3.Session()
    try:
        files = list(built_files())
        ssm = session.client("ssm")
        configured = configuration(ssm, session.region_name, map_file.read())
        url, distribution = values(ssm, names.PAGES_URL, names.PAGES_DISTRIBUTION)
        account = session.client("sts").get_caller_identity()["Account"]
        bucket = f"{names.of('web', 'pages')}-{account}-{session.region_name}"
        upload(session.client("s3"), bucket, files, configured)
        forget(session.client("cloudfront"), distribution, files)
    except (BotoCoreError, ClientError, LookupError, FileNotFoundError, MapFileError) as error:
        parser.exit(1, f"{parser.prog}: {error}\n")
    print(f"The pages are at {url}")


if __name__ == "__main__":
    main()
