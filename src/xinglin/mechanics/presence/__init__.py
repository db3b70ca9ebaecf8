"""Presence: what people do before a stream, a recording or a door becomes minutes that nobody can forge."""
