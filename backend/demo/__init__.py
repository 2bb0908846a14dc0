"""The whole product on one machine with the demo county: ``make demo``."""

from backend.demo.supervisor import WELCOME, CannotStart, Demo, demo_settings, reset

__all__ = ["WELCOME", "CannotStart", "Demo", "demo_settings", "reset"]
