"""Membership: who belongs to the association, as what, since when, and what they owe and may do."""
