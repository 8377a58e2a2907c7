"""CloudFormation resource types that our stacks use and MiniStack refuses.

AWS: `AWS::Events::Archive` makes an archive of a bus; its name and its source cannot change without replacement
(CloudFormation Template Reference). MiniStack has archives but no resource type for them, and refuses a whole template
that has one. It goes on refusing all other types it does not know, before anything is created, as it should.

Added: one entry each to the tables `_RESOURCE_HANDLERS` and `_REPLACING_PROPERTIES` of
`ministack.services.cloudformation.provisioners`, over the functions of `ministack.services.eventbridge` that answer
CreateArchive, UpdateArchive and DeleteArchive.
"""

import json
from typing import Any

from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

from local.cloud import patch

_ARCHIVE = "AWS::Events::Archive"

Properties = dict[str, Any]
Created = tuple[str, dict[str, str]]  # physical id, and what Fn::GetAtt can ask for


def _create(logical_id: str, properties: Properties, stack_name: str) -> Created:
    name = properties.get("ArchiveName") or provisioners._physical_name(stack_name, logical_id, max_len=48)
    request = _request(name, properties) | {"EventSourceArn": properties["SourceArn"]}
    return _created(name, eventbridge._create_archive(request))


def _update(physical_id: str, _: Properties, properties: Properties, __: str) -> Created:
    return _created(physical_id, eventbridge._update_archive(_request(physical_id, properties)))


def _delete(physical_id: str, _: Properties) -> None:
    # Absence is no error: CloudFormation deletes what somebody else may have deleted before.
    eventbridge._delete_archive({"ArchiveName": physical_id})


def _request(name: str, properties: Properties) -> Properties:
    """What CreateArchive and UpdateArchive take. A property left out of the template returns to its default."""
    pattern = properties.get("EventPattern") or ""
    return {
        "ArchiveName": name,
        "Description": properties.get("Description", ""),
        "EventPattern": pattern if isinstance(pattern, str) else json.dumps(pattern),
        "RetentionDays": int(properties.get("RetentionDays") or 0),
    }


def _created(name: str, answer: tuple[int, Any, bytes]) -> Created:
    status, _, body = answer
    content = json.loads(body)
    if status >= 400:
        raise ValueError(f"{_ARCHIVE} {name}: {content.get('message', content)}")
    return name, {"ArchiveName": name, "Arn": content["ArchiveArn"]}


def install() -> None:
    """Teaches MiniStack's CloudFormation the type."""
    patch.require(eventbridge, "_create_archive", "_update_archive", "_delete_archive")
    patch.require(provisioners, "_RESOURCE_HANDLERS", "_REPLACING_PROPERTIES", "_physical_name")
    provisioners._RESOURCE_HANDLERS[_ARCHIVE] = {"create": _create, "update": _update, "delete": _delete}
    provisioners._REPLACING_PROPERTIES[_ARCHIVE] = ("ArchiveName", "SourceArn")
