"""Finds the row behind a ref inside the directory, with words for whoever asked when there is none."""

from django.utils.translation import gettext as _

from xinglin.kernel.refs import Ref

from .organisations import Organisation
from .people import Person
from .posts import Term
from .refusals import MergedAway, NotFound


def _number(ref: Ref, kind: str) -> int:
    if ref.kind != kind or not ref.key.isdecimal():
        raise NotFound(_("%(ref)s is not in the directory.") % {"ref": ref})
    return int(ref.key)


def person_of(ref: Ref, *, locked: bool = False) -> Person:
    """Return a person who stands for themselves (NotFound, MergedAway)."""
    rows = Person.objects.select_for_update() if locked else Person.objects.all()
    row = rows.filter(pk=_number(Ref(ref), "directory.person")).first()
    if row is None:
        raise NotFound(_("Nobody in the directory bears this number."), field="person")
    if row.merged_into_id:
        raise MergedAway(_("This entry was merged into another one; change that one."), field="person")
    return row


def organisation_of(ref: Ref, *, locked: bool = False) -> Organisation:
    """Return an organisation (NotFound)."""
    rows = Organisation.objects.select_for_update() if locked else Organisation.objects.all()
    row = rows.filter(pk=_number(Ref(ref), "directory.organisation")).first()
    if row is None:
        raise NotFound(_("No organisation in the directory bears this number."), field="organisation")
    return row


def term_of(ref: Ref, *, locked: bool = False) -> Term:
    """Return a term with its post and organisation (NotFound)."""
    rows = Term.objects.select_for_update(of=("self",)) if locked else Term.objects.all()
    row = rows.select_related("post__organisation", "person").filter(pk=_number(Ref(ref), "directory.term")).first()
    if row is None:
        raise NotFound(_("No term in the directory bears this number."))
    return row
