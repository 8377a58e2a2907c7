"""How partners stand, read from and written to the partners service's table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from delivery_events.envelope import rfc3339

from infra import names, partner_files
from infra.partner_declaration import Partner
from local.aws import Aws
from local.partners import keys
from local.problem import Problem
from local.rows import row_of


@dataclass(frozen=True)
class Stands:
    """status: ENABLED or DISABLED, the latter for a reason. failures: attempts in a row that failed, since
    `failing_since`. has_keys: None for a partner that is sent no webhooks."""

    name: str
    kind: str
    merchants: list[str]
    events: list[str]
    status: str
    reason: str | None
    failures: int
    failing_since: str | None
    has_keys: bool | None


def all_of(aws: Aws) -> list[Stands]:
    """Every partner that has a file, and is deployed there."""
    dynamodb, ssm = aws.client("dynamodb"), aws.client("ssm")
    return [_stands(dynamodb, ssm, partner) for partner in here(aws)]


def here(aws: Aws) -> list[Partner]:
    """The partners of the platform's stage. Raises Problem."""
    try:
        stage = aws.client("ssm").get_parameters(Names=[names.STAGE])["Parameters"]
        if not stage:
            raise Problem("The platform is not deployed there.", "Deploy it first.")
        return partner_files.read(stage=stage[0]["Value"])
    except partner_files.PartnerFileError as error:
        raise Problem("A partner's file is wrong:", str(error)) from None


def named(aws: Aws, name: str) -> Partner:
    """Raises Problem naming those that there are."""
    partners = here(aws)
    for partner in partners:
        if partner.name == name:
            return partner
    there = ", ".join(partner.name for partner in partners) or "none: see delivery partners add"
    raise Problem(f"There is no partner {name}.", f"There are {there}.")


def disable(aws: Aws, partner: Partner, now: datetime) -> bool:
    """Have it sent nothing more. False if that is so already."""
    return _set_status(
        aws,
        partner,
        now,
        "SET #status = :to, #reason = :reason, {} REMOVE failures, failing_since, paused_until",
        "attribute_not_exists(#status) OR #status <> :to",
        {":to": {"S": "DISABLED"}, ":reason": {"S": "OPERATOR"}},
        {"#status": "status", "#reason": "reason"},
    )


def enable(aws: Aws, partner: Partner, now: datetime) -> bool:
    """Have it sent events again. False if it is."""
    return _set_status(
        aws,
        partner,
        now,
        "SET #status = :to, {} REMOVE #reason, failures, failing_since, paused_until",
        "#status = :from",
        {":to": {"S": "ENABLED"}, ":from": {"S": "DISABLED"}},
        {"#status": "status", "#reason": "reason"},
    )


def _set_status(
    aws: Aws,
    partner: Partner,
    now: datetime,
    expression: str,
    condition: str,
    values: dict[str, Any],
    attributes: dict[str, str],
) -> bool:
    dynamodb = aws.client("dynamodb")
    change = "partner_id = :me, occurred_at = :now, caused_by = :by, #sequence = if_not_exists(#sequence, :zero) + :one"
    try:
        dynamodb.update_item(
            TableName=names.of("partners"),
            Key=_key(partner.name),
            UpdateExpression=expression.format(change),
            ConditionExpression=condition,
            ExpressionAttributeNames={"#sequence": "sequence", **attributes},
            ExpressionAttributeValues={
                ":me": {"S": partner.name},
                ":now": {"S": rfc3339(now)},
                ":by": {"S": f"request:{uuid4()}"},
                ":zero": {"N": "0"},
                ":one": {"N": "1"},
                **values,
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _stands(dynamodb: Any, ssm: Any, partner: Partner) -> Stands:
    item = dynamodb.get_item(TableName=names.of("partners"), Key=_key(partner.name)).get("Item", {})
    row = row_of(item)
    return Stands(
        name=partner.name,
        kind=partner.kind,
        merchants=partner.declared.merchants,
        events=partner.detail_types,
        status=row.get("status", "ENABLED"),
        reason=row.get("reason"),
        failures=int(row.get("failures", 0)),
        failing_since=row.get("failing_since"),
        has_keys=keys.exist(ssm, partner.name) if partner.kind == "webhook" else None,
    )


def _key(name: str) -> dict[str, Any]:
    return {"pk": {"S": f"PARTNER#{name}"}, "sk": {"S": "STANDING"}}
