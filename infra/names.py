"""Fixed physical names. A stack finds what another stack made by its name, so that no stack exports to another."""

BUS = "delivery"
API = "delivery"
USER_POOL = "delivery"
EVENT_LOG = "/delivery/events"
EVENT_LOG_RULE = "delivery-event-log"
EVENT_ARCHIVE = "delivery"
SCHEMA_REGISTRY = "delivery"
OPERATORS = "delivery-operators"  # the topic that tells them
IDENTITY_POOL = "delivery"

STAGE = "/delivery/stage"
API_ID = "/delivery/api/id"
API_URL = "/delivery/api/url"
API_KEY = "/delivery/api/key"
USER_POOL_ID = "/delivery/user-pool/id"
USER_POOL_CLIENT_ID = "/delivery/user-pool/client-id"
IDENTITY_POOL_ID = "/delivery/identity-pool/id"
PROOFS_BUCKET = "/delivery/web/proofs-bucket"
PAGES_URL = "/delivery/web/url"
PAGES_DISTRIBUTION = "/delivery/web/distribution-id"
PUSH_APPLICATION_ARN = "/delivery/push/platform-application-arn"

# The name that the platform applications have, of whatever platform; they are made by hand from the app's credentials.
PUSH_APPLICATION = "delivery"

# The role that sends back what lies in failure queues; its name ends with the region, as roles belong to all regions.
REDRIVE_ROLE = "delivery-redrive"

PREFIX = "delivery-"
FAILURES = "-failures"  # ends the name of the failure queue of a queue, an outbox or a schedule
SCHEDULE = "-schedule"  # ends the name of what calls a function by the clock
WAITING = "-waiting"  # ends the name of the alarm on how long messages wait in a queue
FIFO = ".fifo"  # ends a FIFO queue's name, as SQS wants it
FOR_PARTNER = "-for-partner"  # ends the name of a queue that a partner reads


def is_failure_queue(name: str) -> bool:
    return name.removesuffix(FIFO).endswith(FAILURES)


def is_for_a_partner(name: str) -> bool:
    return name.removesuffix(FIFO).endswith(FOR_PARTNER)


def of(service: str, part: str | None = None) -> str:
    """The name of a service's table, or of one of its functions, queues, topics."""
    return f"{PREFIX}{service}-{part}" if part else f"{PREFIX}{service}"


def log_group(function: str) -> str:
    """The name of a function's log group, which Lambda chose; of the beginning of a function's name, its beginning."""
    return f"/aws/lambda/{function}"


def partner_keys(partner: str) -> str:
    """The encrypted parameter with a partner's signing keys. `delivery partners secret rotate` writes it."""
    return f"/delivery/partners/{partner}/keys"
