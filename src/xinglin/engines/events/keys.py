"""Keys that nobody guesses, for addresses of pages that need no account."""

import secrets

BYTES = 24


def new_key() -> str:
    """Return a key that nobody guesses."""
    return secrets.token_urlsafe(BYTES)
