"""Suggests branches to a member who allowed it, each with its reason: shared specialty, or activities taken part in."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinglin.directory.lists import specialties
from xinglin.directory.models import Employment, Organisation
from xinglin.kernel.ledger.models import Mention, SealedFact
from xinglin.kernel.refs import Ref
from xinglin.lib.regions import full_name

from .actions.joining import joinable
from .activity import deeds
from .certificates import Choice
from .members import Affiliation, Member

LIMIT = 3
RECENT = 500  # facts that name the member
LEAST = 3  # colleagues who share a specialty: fewer would point at persons


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A branch that may suit a member, and why."""

    organisation: Organisation
    reason: str


def suggestions(member: Member, *, on: date) -> list[Suggestion]:
    """Return at most three branches a member does not belong to; none unless the member allowed suggestions."""
    if not (member.person_id and member.choices.filter(what=Choice.What.SUGGESTIONS, allowed=True).exists()):
        return []
    known = set(member.affiliations.filter(until_on=None).values_list("organisation", flat=True))
    known |= set(member.join_requests.filter(answered_on=None).values_list("organisation", flat=True))
    reasons: dict[int, str] = {}
    for source in (_by_place(member, on=on), _by_activity(member), _by_specialty(member, on=on)):
        for key, reason in source:
            reasons.setdefault(key, reason)
    rows = joinable(on).in_bulk([key for key in reasons if key not in known])
    return [Suggestion(organisation=rows[key], reason=reason) for key, reason in reasons.items() if key in rows][:LIMIT]


def _by_place(member: Member, *, on: date) -> list[tuple[int, str]]:
    """Return the local bodies of where the member works now: who moves is offered the new place (A15)."""
    jobs = Employment.objects.on(on).filter(person=member.person_id, main=True).exclude(organisation__region="")
    cities = {region[:4] for region in jobs.values_list("organisation__region", flat=True)}
    bodies = Organisation.objects.on(on).filter(kind="local_body").exclude(region="")
    return [(row.pk, _("You work in its region, %(place)s.") % {"place": full_name(code=row.region)})
            for row in bodies if row.region[:4] in cities]


def _by_activity(member: Member) -> list[tuple[int, str]]:
    # Step by step from the few facts that name the member: as one query it begins with every activity of everybody.
    mine = Mention.objects.filter(ref=member.holder).order_by("-position").values_list("position", flat=True)[:RECENT]
    positions = SealedFact.objects.filter(position__in=list(mine), type__in=deeds()).values_list("position", flat=True)
    there = Mention.objects.filter(position__in=list(positions), ref__startswith="directory.organisation:")
    times = Counter(int(Ref(one).key) for one in there.values_list("ref", flat=True))
    return [(key, ngettext("You took part in %(n)d activity there.", "You took part in %(n)d activities there.", n)
             % {"n": n}) for key, n in times.most_common(LIMIT * 3)]


def _by_specialty(member: Member, *, on: date) -> list[tuple[int, str]]:
    mine = list(member.person.specialties.order_by("-main").values_list("code", flat=True))
    answer = []
    for code in mine:
        there = Affiliation.objects.on(on).filter(member__person__specialties__code=code).exclude(member=member)
        counted = there.values("organisation").annotate(number=Count("member", distinct=True))
        for one in counted.filter(number__gte=LEAST).order_by("-number", "organisation")[:LIMIT]:
            answer.append((one["organisation"], _("%(n)d members with your specialty %(specialty)s belong there.") % {
                "n": one["number"], "specialty": specialties.label(code)}))
    return answer
