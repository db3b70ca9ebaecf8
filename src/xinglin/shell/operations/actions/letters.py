"""Sends undelivered letters again."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.notices.delivery import send_again
from xinglin.kernel.policy import Refusal, require

from ..facts import LettersRequeued
from ..policy import may_operate


class NothingToSend(Refusal):
    """None of these letters was given up."""


@act
@open_to("system_admin")
def requeue_letters(*, by: Actor, on: date, letters: Sequence[int], now: datetime) -> int:
    """Give letters that were given up a new start and return how many; those still being tried are left alone."""
    require(may_operate(actor=by))
    number = send_again(letters=list(letters), now=now)
    if not number:
        raise NothingToSend(_("None of these letters was given up; those still being tried go out by themselves."))
    state(LettersRequeued(letters=number))
    return number
