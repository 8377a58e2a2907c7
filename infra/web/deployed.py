"""What is deployed, as the pages need to know it: read from the parameters that the stacks leave."""

from dataclasses import dataclass
from typing import Any

from infra import names


@dataclass(frozen=True)
class DeployedParts:
    api_url: str
    api_key: str
    user_pool_id: str
    client_id: str
    identity_pool_id: str
    proofs_bucket: str


def deployed_parts(ssm: Any) -> DeployedParts:
    """Raises LookupError that names the parameters which are missing."""
    return DeployedParts(
        *values(
            ssm,
            names.API_URL,
            names.API_KEY,
            names.USER_POOL_ID,
            names.USER_POOL_CLIENT_ID,
            names.IDENTITY_POOL_ID,
            names.PROOFS_BUCKET,
        )
    )


def values(ssm: Any, *wanted: str) -> list[str]:
    """The parameters' values in the order asked for. Raises LookupError that names those which are missing."""
    found = {each["Name"]: str(each["Value"]) for each in ssm.get_parameters(Names=list(wanted))["Parameters"]}
    if missing := [name for name in wanted if name not in found]:
        raise LookupError(f"parameter {', '.join(missing)} is missing")
    return [found[name] for name in wanted]
