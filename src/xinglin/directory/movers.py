"""How the directory's own records follow a merge: contacts, documents, titles, employments, terms."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel.acts import state
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code

from . import policy
from .actions.employments import overlapping
from .facts import EntryWithdrawn, TermBegun, TermCorrected
from .indexing import reindex_person
from .merging import Joining, Mover, register_merge
from .people import LIFELONG, Employment, IdentityDocument, Licence, Person, PersonSpecialty, PersonTitle
from .posts import Term
from .refusals import NumbersDiffer, TermsDiffer

FILLED = ("sex", "born_on", "mobile", "email")


def _both(joining: Joining) -> tuple[Person, Person]:
    return Person.objects.get(pk=joining.loser.key), Person.objects.get(pk=joining.winner.key)


# Fields that the remaining entry lacks --------------------------------------------------------------------

def _missing(joining: Joining) -> list[str]:
    loser, winner = _both(joining)
    return [field for field in FILLED if not getattr(winner, field) and getattr(loser, field)]


def _fill(joining: Joining) -> list[str]:
    loser, winner = _both(joining)
    fields = _missing(joining)
    for field in fields:
        setattr(winner, field, getattr(loser, field))
    if "mobile" in fields:
        winner.mobile_masked = loser.mobile_masked
    if fields:
        winner.save()
    return fields


def _empty(joining: Joining, fields: Any) -> None:
    """Take back what was taken over, as far as nobody has corrected it since."""
    loser, winner = _both(joining)
    for field in fields:
        if getattr(winner, field) == getattr(loser, field):
            setattr(winner, field, None if field == "born_on" else "")
    winner.mobile_masked = winner.mobile_masked if winner.mobile else ""
    winner.save()


def _fields_preview(joining: Joining) -> list[str]:
    words = {field: str(Person._meta.get_field(field).verbose_name) for field in FILLED}
    return [_("%(field)s is taken over") % {"field": words[field]} for field in _missing(joining)]


register_merge("directory.fields", Mover(kind="directory.fields", label=gettext_lazy("Contacts"), order=1,
                                         preview=_fields_preview, move=_fill, back=_empty))


# Rows that hang on a person; what the remaining entry has already stays with the other one -----------------

def _doubled(model: type[models.Model], joining: Joining) -> Q:
    """Return which of the loser's rows say the same as one of the winner's."""
    same = {
        IdentityDocument: ("kind", "country"), PersonTitle: ("title",), PersonSpecialty: ("code",), Licence: ("kind",),
    }[model]
    answer = Q(pk=None)
    for values in model._default_manager.filter(person=joining.winner.key).values(*same):
        answer |= Q(**values)
    return answer


def _lifelong(joining: Joining) -> None:
    """Refuse to make one person of two whose lifelong numbers differ: the register holds no number twice."""
    held = IdentityDocument.objects.filter(kind__in=LIFELONG)
    kinds = held.filter(person=joining.winner.key).values("kind")
    if document := held.filter(person=joining.loser.key, kind__in=kinds).first():
        raise NumbersDiffer(_("The two entries have different numbers: %(kind)s.") % {
            "kind": document.get_kind_display()})


def _following(model: type[models.Model], kind: str, label: Any, order: int) -> None:
    def rows(joining: Joining) -> models.QuerySet[Any]:
        return model._default_manager.filter(person=joining.loser.key).exclude(_doubled(model, joining))

    def preview(joining: Joining) -> list[str]:
        _lifelong(joining)
        count = rows(joining).count()
        return [_("%(label)s: %(count)s") % {"label": label, "count": count}] if count else []

    def move(joining: Joining) -> list[int]:
        _lifelong(joining)
        keys = list(rows(joining).values_list("pk", flat=True))
        change: dict[str, Any] = {"person": joining.winner.key}
        if model is PersonSpecialty:
            change["main"] = False  # the remaining entry keeps its own main specialty
        model._default_manager.filter(pk__in=keys).update(**change)
        return keys

    def back(joining: Joining, keys: Any) -> None:
        model._default_manager.filter(pk__in=keys, person=joining.winner.key).update(person=joining.loser.key)

    register_merge(kind, Mover(kind=kind, label=label, preview=preview, move=move, back=back, order=order))


_following(IdentityDocument, "directory.documents", gettext_lazy("Identity documents"), 2)
_following(PersonTitle, "directory.titles", gettext_lazy("Titles"), 3)
_following(Licence, "directory.licences", gettext_lazy("Licences"), 4)
_following(PersonSpecialty, "directory.specialties", gettext_lazy("Specialties"), 5)


# Employments and terms: what overlaps the same of the other stays behind -------------------------------------

def _free_jobs(joining: Joining) -> list[Employment]:
    there = Employment.objects.filter(person=joining.winner.key)
    return [one for one in Employment.objects.filter(person=joining.loser.key) if not there.filter(
        overlapping(from_on=one.from_on, until_on=one.until_on), organisation=one.organisation_id).exists()]


def _jobs_preview(joining: Joining) -> list[str]:
    return [_("Works for %(unit)s") % {"unit": one.organisation.label} for one in _free_jobs(joining)]


def _move_jobs(joining: Joining) -> list[list[Any]]:
    moved = []
    for one in _free_jobs(joining):
        moved.append([one.pk, one.main])
        one.person_id, one.main = int(joining.winner.key), False
        one.save()
    return moved


def _jobs_back(joining: Joining, moved: Any) -> None:
    for key, main in moved:
        Employment.objects.filter(pk=key, person=joining.winner.key).update(person=joining.loser.key, main=main)


register_merge("directory.employments", Mover(kind="directory.employments", label=gettext_lazy("Employers"), order=6,
                                              preview=_jobs_preview, move=_move_jobs, back=_jobs_back))


def _terms(joining: Joining) -> list[tuple[Term, bool]]:
    """Return the loser's terms, each with whether the winner's say the same (TermsDiffer: nearly the same)."""
    there = Term.objects.filter(person=joining.winner.key)
    rows = Term.objects.filter(person=joining.loser.key).select_related("post__organisation", "person")
    answer = []
    for one in rows:
        other = there.filter(overlapping(from_on=one.from_on, until_on=one.until_on), post=one.post_id).first()
        if other and (other.from_on, other.until_on) != (one.from_on, one.until_on):
            raise TermsDiffer(_("%(unit)s %(post)s: one entry says %(first)s to %(first_end)s, the other %(second)s to "
                                "%(second_end)s.") % {
                "unit": one.organisation.label, "post": one.post.label, "first": one.from_on,
                "first_end": one.until_on or _("open"), "second": other.from_on,
                "second_end": other.until_on or _("open")})
        answer.append((one, other is not None))
    return answer


def _terms_preview(joining: Joining) -> list[str]:
    moves, doubled = _("moves"), _("is entered twice, one goes")
    return [f"{one.organisation.label}{one.post.label}　{one.from_on}：{doubled if twice else moves}"
            for one, twice in _terms(joining)]


_KEPT = ("post_id", "session", "decision", "ended_by")


def _move_terms(joining: Joining) -> dict[str, Any]:
    moved, gone = [], []
    for one, twice in _terms(joining):
        require(policy.may_change_term(actor=joining.by, organisation=one.organisation, person=joining.winner))
        if twice:
            gone.append({"pk": one.pk, "from_on": str(one.from_on), "until_on": str(one.until_on or ""),
                         **{field: getattr(one, field) for field in _KEPT}})
            state(EntryWithdrawn(entry=one.ref))
            one.delete()
            continue
        moved.append(one.pk)
        _hand_over(one, joining.winner.key)
    return {"moved": moved, "gone": gone}


def _hand_over(term: Term, person: str) -> None:
    term.person = Person.objects.get(pk=person)
    term.save()
    state(TermCorrected(term=term.ref, person=term.person.ref, from_on=term.from_on, until_on=term.until_on))


def _terms_back(joining: Joining, kept: Any) -> None:
    moved = Term.objects.filter(pk__in=kept["moved"], person=joining.winner.key)
    for one in moved.select_related("post__organisation"):
        _hand_over(one, joining.loser.key)
    for values in kept["gone"]:
        term = Term(person_id=int(joining.loser.key), **{**values, "until_on": values["until_on"] or None})
        term.save(force_insert=True)
        term.refresh_from_db()
        state(TermBegun(term=term.ref, person=joining.loser, organisation=term.organisation.ref, from_on=term.from_on,
                        title=Code(term.post.title), until_on=term.until_on), happened_on=term.from_on)


register_merge("directory.terms", Mover(kind="directory.terms", label=gettext_lazy("Posts"), order=7,
                                        preview=_terms_preview, move=_move_terms, back=_terms_back))


def reindex_both(joining: Joining) -> None:
    """Rewrite the keys of both entries after records moved."""
    for row in _both(joining):
        reindex_person(row)
