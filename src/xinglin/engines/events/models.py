"""All tables of events, gathered for Django."""

from .meetings import Approval, BudgetLine, Check, Event, Partner
from .programme import Room, Session, Speaking
from .series import Series

__all__ = ["Approval", "BudgetLine", "Check", "Event", "Partner", "Room", "Series", "Session", "Speaking"]
