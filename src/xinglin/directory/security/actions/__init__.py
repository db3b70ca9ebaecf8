"""The acts of account security; importing this registers them all."""

from . import accounts, exports, factors, grants, keys, log_keeping, passwords, unmasking

__all__ = ["accounts", "exports", "factors", "grants", "keys", "log_keeping", "passwords", "unmasking"]
