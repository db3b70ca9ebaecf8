"""All tables of the directory, gathered for Django."""

from .accounts import Account

__all__ = ["Account"]
