"""Who carries what, and when: pure; no AWS, no clock, no I/O. `model` is what goes in and comes out."""

from services.dispatch.planner.nearest import (
    Driver,
    OpenDelivery,
    Plan,
    PlannedOffer,
    PlanSettings,
    Point,
    distance_m,
    plan,
)

__all__ = ["Driver", "OpenDelivery", "Plan", "PlanSettings", "PlannedOffer", "Point", "distance_m", "plan"]
