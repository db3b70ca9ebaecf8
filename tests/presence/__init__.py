"""Presence: minutes nobody can forge."""
