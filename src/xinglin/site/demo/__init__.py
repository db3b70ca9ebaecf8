"""Builds a fictional association's year through real acts, deterministic by seed, and welcomes the visitor."""

from .building import prepare
from .welcome import await_answer, welcome

__all__ = ["await_answer", "prepare", "welcome"]
