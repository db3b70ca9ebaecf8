"""Refusals that several acts of membership have in common; those of one act stand beside it."""

from xinglin.kernel.policy import Refusal


class NotYet(Refusal):
    """The day has not come."""


class BeforeLast(Refusal):
    """A change takes effect after the one before it."""

    field = "from_on"


class NothingChanges(Refusal):
    """It is so already."""


class AskedAlready(Refusal):
    """What was asked before has not been answered yet."""


class AnsweredAlready(Refusal):
    """The request was answered before."""


class DecisionMissing(Refusal):
    """What happened rests on a decision that has a number."""

    field = "decision"


class ReasonMissing(Refusal):
    """Who is turned down is told why."""

    field = "reason"
