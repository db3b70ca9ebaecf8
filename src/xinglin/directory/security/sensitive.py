"""The sensitive fields of the house: how each is masked, who may read it, and the reasons that count."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.policy import YES, Verdict, no

REASONS: dict[str, str | Promise] = {
    "identity_check": _("Checking somebody's identity"),
    "contact": _("Calling or writing to them"),
    "certificate": _("Making out a certificate or a contract"),
    "payment": _("Paying or refunding"),
    "authority": _("An authority asked for it"),
    "own_request": _("They asked for it themselves"),
    "other": _("Another reason"),
}

WORKING = frozenset({"department", "department_head", "office", "secretary_general", "supervisor", "house"})


@dataclass(frozen=True, kw_only=True)
class SensitiveField:
    """One field that is masked on screen: whose, what it is called, how it is read and who may."""

    kind: str
    name: str
    label: str | Promise
    read: Callable[[str], str]
    mask: Callable[[str], str]
    may: Callable[[Actor, str], Verdict]


_fields: dict[tuple[str, str], SensitiveField] = {}


def may_read_by_default(actor: Actor, key: str) -> Verdict:
    """Let those who work for the association read, and supervisors; administrations never."""
    if actor.roles & WORKING:
        return YES
    return no(_("Numbers are shown in full to the departments that need them."))


def register(
    *, kind: str, name: str, label: str | Promise, read: Callable[[str], str], mask: Callable[[str], str],
    may: Callable[[Actor, str], Verdict] = may_read_by_default,
) -> SensitiveField:  # fmt: skip
    """Declare a sensitive field of one kind of ref; called in AppConfig.ready()."""
    return _fields.setdefault(
        (kind, name), SensitiveField(kind=kind, name=name, label=label, read=read, mask=mask, may=may)
    )


def sensitive_field(*, kind: str, name: str) -> SensitiveField:
    """Return one sensitive field (KeyError)."""
    return _fields[kind, name]


def sensitive_fields() -> list[SensitiveField]:
    """Return every sensitive field."""
    return [one for _key, one in sorted(_fields.items())]
