"""What every service's stack is made of: a table, functions, an inbox, an outbox, queues that lose nothing, resolvers.

Whatever is asynchronous ends in a failure queue, and every failure queue has an alarm. Each file adds one thing to what
a stack can make: functions on the service's table, queues, resolvers, and what ties the service to the bus.
"""

from infra.constructs.functions import Index
from infra.constructs.service import ServiceStack

__all__ = ["Index", "ServiceStack"]
