"""Who signed a request that the API's gateway received: Signature Version 4 and IAM policies, as AWS judges both."""

import base64

import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.appsync.errors import RequestRefusedError
from local.appsync.iam import SignedRequest, Signer, signatures_of
from local.aws import Aws
from tests.local.cloud.process import Cloud
from tests.local.cloud.resources import policy, role, session

pytestmark = pytest.mark.local_cloud

URL, BODY = "http://127.0.0.1:4601/graphql", b'{"query": "mutation { say }"}'
ONE, OTHER = ("Mutation", "publishOffer"), ("Mutation", "publishFleet")
SOMEBODY = {"AWS": "*"}


def signed(credentials: Credentials, body: bytes = BODY) -> SignedRequest:
    request = AWSRequest("POST", URL, {"content-type": "application/json"}, body)
    SigV4Auth(credentials, "appsync", "us-east-1").add_auth(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return SignedRequest({**headers, "host": "127.0.0.1:4601"}, "/graphql", body)


def judged(cloud: Cloud, request: SignedRequest) -> Signer:
    with httpx.Client(base_url=cloud.url) as client:
        return signatures_of(client)(request, "api-1", [ONE, OTHER])


@pytest.fixture
def credentials(aws: Aws, name: str) -> Credentials:
    """Of a role that may call one mutation."""
    arn = role(aws, name, {}, SOMEBODY)
    allowed = "arn:aws:appsync:us-east-1:000000000000:apis/api-1/types/Mutation/fields/publishOffer"
    document = policy({"Action": "appsync:GraphQL", "Resource": allowed})
    aws.client("iam").put_role_policy(RoleName=name, PolicyName="push", PolicyDocument=document)
    frozen = session(aws, arn).get_credentials().get_frozen_credentials()
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


def test_a_role_is_permitted_what_its_policies_allow(cloud: Cloud, credentials: Credentials, name: str) -> None:
    signer = judged(cloud, signed(credentials))
    assert signer.permitted == {ONE}
    assert signer.account == "000000000000"
    assert f"assumed-role/{name}/" in signer.arn


def test_what_was_changed_after_it_was_signed_is_refused(cloud: Cloud, credentials: Credentials) -> None:
    good = signed(credentials)
    for wrong in (
        SignedRequest(good.headers, good.path, BODY + b" "),
        SignedRequest(good.headers, "/other", BODY),
        SignedRequest({**good.headers, "host": "elsewhere"}, good.path, BODY),
        signed(Credentials(credentials.access_key, "another secret", credentials.token)),
    ):
        with pytest.raises(RequestRefusedError, match="SignatureDoesNotMatch") as refused:
            judged(cloud, wrong)
        assert refused.value.status == 401


def test_keys_that_nobody_has_are_refused(cloud: Cloud, credentials: Credentials) -> None:
    without_token = Credentials(credentials.access_key, credentials.secret_key)
    for unknown in (Credentials("AKIANOBODY0000000000", "secret"), without_token):
        with pytest.raises(RequestRefusedError):
            judged(cloud, signed(unknown))


def test_what_is_no_signature_is_refused_with_the_reason(cloud: Cloud) -> None:
    question = {
        "method": "POST",
        "path": "/graphql",
        "headers": {"authorization": "AWS4-HMAC-SHA256 nonsense"},
        "body": base64.b64encode(BODY).decode(),
        "action": "appsync:GraphQL",
        "resources": [],
    }
    answer = httpx.post(f"{cloud.url}/_ministack/signatures", json=question)
    assert answer.status_code == 403
    assert answer.json()["code"] in ("IncompleteSignature", "MissingAuthorizationParameter")
