"""The pages: their files behind CloudFront, and the store of proofs that drivers put photos into from there.

The files and their configuration are put in place after the stack by `python -m infra.web.publish`. The CDK's own
BucketDeployment would do that by a function of its own, with the AWS CLI in it and rights on both sides.
"""

from typing import Any, cast

from aws_cdk import Duration, Fn, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra import names
from infra.acknowledged import acknowledge
from infra.stage import Stage
from infra.web import map_file
from infra.web.headers import PERMISSIONS_POLICY, YEAR_SECONDS, content_security_policy

PROOFS_KEPT_DAYS = 90
LOGS_KEPT_DAYS = 90
# Whoever runs the local platform chooses its ports.
_LOCAL_ORIGIN = "http://127.0.0.1:*"


class WebStack(Stack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, "delivery-web", stack_name="delivery-web")
        self._stage = stage
        tiles = map_file.read().tiles
        self._tiles = [tiles.origin] if tiles else []
        if stage.is_local:
            self._proofs([_LOCAL_ORIGIN])
            return
        self._log_bucket = self._logs()
        distribution = self._distribution()
        self._proofs([f"https://{distribution.distribution_domain_name}"])
        url = f"https://{distribution.distribution_domain_name}"
        ssm.StringParameter(self, "PagesUrl", parameter_name=names.PAGES_URL, string_value=url)
        ssm.StringParameter(
            self,
            "PagesDistribution",
            parameter_name=names.PAGES_DISTRIBUTION,
            string_value=distribution.distribution_id,
        )

    def _bucket(self, id_: str, part: str, **more: Any) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            bucket_name=f"{names.of('web', part)}-{self.account}-{self.region}",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            # The local cloud speaks plain http.
            enforce_ssl=not self._stage.is_local,
            removal_policy=self._stage.removal_policy,
            **more,
        )

    def _logs(self) -> s3.Bucket:
        """Who asked for what. CloudFront writes its log by an access list, so the bucket has to allow one."""
        bucket = self._bucket(
            "Logs",
            "logs",
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(LOGS_KEPT_DAYS))],
        )
        acknowledge(bucket, "S1", "It is what the others log to; a log of the log would fill itself.")
        return bucket

    def _distribution(self) -> cloudfront.Distribution:
        files = self._bucket(
            "Pages", "pages", server_access_logs_bucket=self._log_bucket, server_access_logs_prefix="pages/"
        )
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="The pages for customers, drivers and operators",
            default_root_object="index.html",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(files),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=self._headers(),
            ),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            log_bucket=self._log_bucket,
            log_file_prefix="distribution/",
        )
        acknowledge(
            distribution, "CFR1", "Where a platform delivers is where its pages are opened, and may be anywhere."
        )
        acknowledge(
            distribution,
            "CFR2",
            "What is served are files without any input. The API behind them checks every caller, and a web ACL has a "
            "fee a month before its first request.",
        )
        acknowledge(
            distribution,
            "CFR4",
            "CloudFront's own host name comes with its certificate and minimum version. A domain of one's own, with a "
            "certificate in us-east-1, gets TLS 1.2 by the setting above.",
        )
        return distribution

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        policy = content_security_policy(connect=self._called(), images=self._tiles)
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=names.of("web", "headers"),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="Permissions-Policy", value=PERMISSIONS_POLICY, override=True
                    ),
                    cloudfront.ResponseCustomHeader(
                        header="Cross-Origin-Opener-Policy", value="same-origin", override=True
                    ),
                ]
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=policy, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.seconds(YEAR_SECONDS), include_subdomains=True, override=True
                ),
            ),
        )

    def _called(self) -> list[str]:
        """The hosts that the pages talk to, each by name."""
        url = ssm.StringParameter.value_for_string_parameter(self, names.API_URL)
        api = Fn.select(2, Fn.split("/", url))
        drawn = Fn.select(0, Fn.split(".", api))
        return [
            f"https://{api}",
            f"wss://{drawn}.appsync-realtime-api.{self.region}.{self.url_suffix}",
            f"https://cognito-idp.{self.region}.{self.url_suffix}",
            f"https://cognito-identity.{self.region}.{self.url_suffix}",
            f"https://{self._proofs_name()}.s3.{self.region}.{self.url_suffix}",
        ]

    def _proofs_name(self) -> str:
        return f"{names.of('web', 'proofs')}-{self.account}-{self.region}"

    def _proofs(self, allowed: list[str]) -> None:
        logged: dict[str, Any] = {}
        if not self._stage.is_local:
            logged = {"server_access_logs_bucket": self._log_bucket, "server_access_logs_prefix": "proofs/"}
        bucket = self._bucket(
            "Proofs",
            "proofs",
            cors=[
                s3.CorsRule(
                    allowed_methods=[s3.HttpMethods.PUT], allowed_origins=allowed, allowed_headers=["*"], max_age=3600
                )
            ],
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(PROOFS_KEPT_DAYS))],
            **logged,
        )
        ssm.StringParameter(self, "ProofsBucket", parameter_name=names.PROOFS_BUCKET, string_value=bucket.bucket_name)
        self._identities(bucket)

    def _identities(self, bucket: s3.Bucket) -> None:
        """Credentials for signed-in drivers, and for nobody else."""
        pool_id = ssm.StringParameter.value_for_string_parameter(self, names.USER_POOL_ID)
        client_id = ssm.StringParameter.value_for_string_parameter(self, names.USER_POOL_CLIENT_ID)
        provider = f"cognito-idp.{self.region}.{self.url_suffix}/{pool_id}"
        identities = cognito.CfnIdentityPool(
            self,
            "Identities",
            identity_pool_name=names.IDENTITY_POOL,
            allow_unauthenticated_identities=False,
            cognito_identity_providers=[
                cognito.CfnIdentityPool.CognitoIdentityProviderProperty(
                    client_id=client_id, provider_name=provider, server_side_token_check=True
                )
            ],
        )
        role = self._driver_role(identities, bucket)
        cognito.CfnIdentityPoolRoleAttachment(
            self,
            "Roles",
            identity_pool_id=identities.ref,
            role_mappings={
                "users": cognito.CfnIdentityPoolRoleAttachment.RoleMappingProperty(
                    identity_provider=f"{provider}:{client_id}",
                    type="Rules",
                    ambiguous_role_resolution="Deny",
                    rules_configuration=cognito.CfnIdentityPoolRoleAttachment.RulesConfigurationTypeProperty(
                        rules=[
                            cognito.CfnIdentityPoolRoleAttachment.MappingRuleProperty(
                                claim="cognito:groups", match_type="Contains", value="driver", role_arn=role.role_arn
                            )
                        ]
                    ),
                )
            },
        )
        ssm.StringParameter(self, "IdentityPoolId", parameter_name=names.IDENTITY_POOL_ID, string_value=identities.ref)

    def _driver_role(self, identities: cognito.CfnIdentityPool, bucket: s3.Bucket) -> iam.Role:
        """May put photos into the driver's own folder, and neither list nor read: not even its own."""
        host = "cognito-identity.amazonaws.com"
        role = iam.Role(
            self,
            "DriverRole",
            assumed_by=iam.FederatedPrincipal(
                host,
                {
                    "StringEquals": {f"{host}:aud": identities.ref},
                    "ForAnyValue:StringLike": {f"{host}:amr": "authenticated"},
                },
                "sts:AssumeRoleWithWebIdentity",
            ),
        )
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["s3:PutObject"], resources=[bucket.arn_for_objects(f"proofs/${{{host}:sub}}/*")]
            )
        )
        logical_id = self.get_logical_id(cast(s3.CfnBucket, bucket.node.default_child))
        acknowledge(
            role,
            f"IAM5[Resource::<{logical_id}.Arn>/proofs/<{host}:sub>/*]",
            "The names of the photos in a driver's own folder are those of its deliveries.",
        )
        return role
