"""The one error of this package, so that callers can tell a bad input from a bug."""


class PackageError(Exception):
    """A package cannot be built; the message says which input is wrong and what to do."""
