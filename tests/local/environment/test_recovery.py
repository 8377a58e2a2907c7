"""What `delivery up` makes of a platform that was cut off; here an API of one field stands for all that is deployed."""

import subprocess
from collections.abc import Iterator

import pytest

from local.aws import Aws
from local.environment import fingerprint, pages, running, servers, stacks, status, stuck
from local.environment.deployed import Deployed
from local.environment.down import down
from local.environment.process import Running
from local.environment.servers import CLOUD, GATEWAY
from local.environment.serving import serve
from local.environment.up import up
from local.environment.workspace import Workspace
from local.problem import Problem
from tests.deployed import free_ports
from tests.local.cloud.resources import eventually

pytestmark = pytest.mark.local_cloud

SCALE = 20.0


@pytest.fixture(scope="module")
def up_there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A platform that is up, of a project without sources, and so without pages to be built and told where they are."""
    workspace = Workspace(tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("state"))
    port = free_ports()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "build", lambda _workspace, _say: pages.Building(None, workspace.log("pages-build"), ""))
        patch.setattr(pages, "configure", lambda *_: None)
        yield from running_on(port, workspace)


def running_on(port: int, workspace: Workspace) -> Iterator[Workspace]:
    try:
        cloud = serve(CLOUD, workspace, port, print)
        make_api(Aws.local(servers.endpoint(port)))
        eventually(lambda: "hello" in saved(workspace, "appsync") and "people" in saved(workspace, "cognito"))
        Deployed(fingerprint.of_deployment(workspace.root, SCALE), (), cloud.port, SCALE).write(workspace)
        up(workspace, port, SCALE, print)
        yield workspace
    finally:
        down(workspace, purge=True)


def make_api(aws: Aws) -> None:
    pool = aws.client("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Id"]
    appsync = aws.client("appsync")
    api = appsync.create_graphql_api(
        name="delivery",
        authenticationType="AMAZON_COGNITO_USER_POOLS",
        userPoolConfig={"userPoolId": pool, "awsRegion": servers.REGION, "defaultAction": "ALLOW"},
    )["graphqlApi"]["apiId"]
    appsync.start_schema_creation(apiId=api, definition=b"type Query { hello: String }")


def saved(workspace: Workspace, service: str) -> str:
    """What is on disk of a service's state."""
    file = workspace.cloud_state / "services" / f"{service}.json"
    return file.read_text() if file.exists() else ""


def cloud_of(workspace: Workspace) -> Running:
    found = CLOUD.find(workspace)
    assert found
    return found


def test_the_cloud_killed_with_a_function_left_behind_comes_back_with_what_it_had(up_there: Workspace) -> None:
    cloud, gateway = cloud_of(up_there), GATEWAY.find(up_there)
    orphan = subprocess.Popen([up_there.function_python, "-c", "import time; time.sleep(600)"])
    cloud.process.kill()
    cloud.process.wait()

    ready = up(up_there, None, None, print)

    assert not ready.deployed
    orphan.wait(timeout=120)  # raises when it still runs; by itself it would for ten minutes
    assert cloud_of(up_there).pid != cloud.pid
    assert GATEWAY.find(up_there) == gateway
    assert status.status(up_there).up


def test_after_an_unfinished_deployment_the_platform_is_half_up(up_there: Workspace) -> None:
    known = Deployed.read(up_there)
    assert known
    Deployed.unfinished(known.port, known.time_scale).write(up_there)
    try:
        assert not status.status(up_there).up
        with pytest.raises(Problem, match="its stacks are not deployed"):
            running.find(up_there)
    finally:
        known.write(up_there)


def test_a_stack_that_was_only_announced_is_deleted(up_there: Workspace) -> None:
    cloudformation = Aws.local(servers.endpoint(cloud_of(up_there).port)).client("cloudformation")
    template = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}'
    cloudformation.create_change_set(
        StackName="delivery-orders", ChangeSetName="cut-off", ChangeSetType="CREATE", TemplateBody=template
    )
    assert [stack.unstarted for stack in stacks.list_stacks(cloudformation)] == [True]

    stuck.delete_unstarted(cloudformation)

    assert stacks.list_stacks(cloudformation) == []
