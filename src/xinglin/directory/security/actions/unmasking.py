"""Shows a masked number in full to somebody who says why."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code, Ref

from ..facts import FieldUnmasked
from ..sensitive import REASONS, sensitive_field


class NoReason(Refusal):
    """Nobody reads a number without saying why."""

    field = "reason"


@act
@open_to("supervisor")
def unmask_field(*, by: Actor, on: date, subject: str, field: str, reason: str, words: str = "") -> str:
    """Return the plain value; who read whose number, and why, is a fact."""
    subject = Ref(subject)
    one = sensitive_field(kind=subject.kind, name=field)
    require(one.may(by, subject.key))
    if reason not in REASONS:
        raise NoReason(_("Choose why you need the number."))
    if reason == "other" and not words.strip():
        raise NoReason(_("Say in a few words why you need the number."), field="words")
    plain = one.read(subject.key)
    state(FieldUnmasked(subject=subject, field=Code(field), reason=Code(reason), words=words.strip()))
    return plain
