"""One order's whole chain of events, out of the event log and what the consumers logged."""
