"""Accounts to try the pages with, and phones that drive by themselves: of a local platform alone."""

from typing import Any

from local.simulator.accounts import PASSWORD, Accounts, Wanted

GROUPS = ("customer", "driver", "operator")
DRIVING_MPS = 6.0  # as simulated drivers do; a sped-up platform's are that much faster


def accounts(cognito: Any, user_pool_id: str, client_id: str) -> dict[str, str]:
    """The name of one account for each page, by group. They are made if they are not there."""
    wanted = [Wanted(f"demo-{group}", group) for group in GROUPS]
    Accounts(cognito, user_pool_id=user_pool_id, client_id=client_id).ensure(wanted)
    return {each.group: each.name for each in wanted}


def offered(names: dict[str, str], time_scale: float) -> dict[str, Any]:
    """What the pages are told: they show a button that signs in as each."""
    return {"password": PASSWORD, "accounts": names, "metresPerSecond": DRIVING_MPS * time_scale}
