"""Verdicts: yes, or no with a reason that a member could read."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer of a policy; its reason is shown beside the disabled button."""

    allowed: bool
    reason: str | Promise = ""
    regulation: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(allowed=True)


def no(reason: str | Promise, *, regulation: str = "") -> Verdict:
    """Refuse with a readable reason and, where a rule decides, its regulation id."""
    return Verdict(allowed=False, reason=reason, regulation=regulation)


class Refusal(Exception):
    """An act that was not done, with words for the person who asked.

    `field` names the input it belongs to, `regulation` the rule that decides, `instead` what can be done.
    """

    regulation = ""
    field = ""
    instead: str | Promise = ""

    def __init__(self, message: Any = "", *, field: str = "", regulation: str = "", instead: Any = "", **values: Any):
        super().__init__(message)
        self.message = message
        self.field = field or self.field
        self.regulation = regulation or self.regulation
        self.instead = instead or self.instead
        self.values = values

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with an input: where, what, and what would be right."""

    field: str
    message: str | Promise
    row: int | None = None
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


class NotAllowed(Refusal):
    """The actor may not do this."""


class Refusals(Refusal):
    """Several refusals of one input, each beside its field or row."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(str(problem.message) for problem in problems))
        self.problems = problems


def require(verdict: Verdict) -> None:
    """Raise NotAllowed with the verdict's reason when the answer is no."""
    if not verdict:
        raise NotAllowed(verdict.reason, regulation=verdict.regulation)
