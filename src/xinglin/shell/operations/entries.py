"""Where the screens of the kernel's services stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.notices import unread_count

from ..navigation import Entry, provide_inbox, register
from . import health, policy
from .letterbox import addressee


def _unread(actor: Actor) -> int:
    return unread_count(person=addressee(actor=actor)) if actor.roles else 0


def _wrong(actor: Actor) -> int:
    return len(health.examine(now=clock.now()).wrong)


def _signed_in(actor: Actor) -> bool:
    return bool(actor.roles)


register(Entry(section="system", label=_("What runs"), icon="heartbeat", url_name="operations:operations", order=50,
               when=lambda actor: bool(policy.may_see_operations(actor=actor)), count=_wrong))
register(Entry(section="work", label=_("Document numbers"), icon="hash", url_name="operations:numbers", order=70,
               when=lambda actor: bool(policy.may_see_numbers(actor=actor))))
register(Entry(section="work", label=_("Working calendar"), icon="calendar", url_name="operations:calendar", order=80,
               when=_signed_in))
register(Entry(section="open", label=_("Rules and their sources"), icon="book", url_name="shell:regulations", order=80))
provide_inbox(url_name="operations:inbox", count=_unread)
