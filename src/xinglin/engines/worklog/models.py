"""All tables of the worklog, gathered for Django."""

from .entries import Entry, Participant
from .registers import Item, ItemOrder, Track
from .words import Edition, Kind, Series

__all__ = ["Edition", "Entry", "Item", "ItemOrder", "Kind", "Participant", "Series", "Track"]
