"""Accounts: how a person signs in."""

from django.contrib.auth.models import AbstractUser


class Account(AbstractUser):
    """One sign-in; what it may do follows from the person's posts and terms."""
