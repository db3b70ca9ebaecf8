"""All that is stored about a member, in words, for the member to see and to take along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel.ledger.models import Mention
from xinglin.mechanics.questionnaires.answers import told

from .applicants import applications_of, applications_under, said_by
from .applications import Application, Recommendation
from .applying import questionnaire_of
from .fees import Charge, Payment, Receipt
from .members import Coverage, Member, Spell

HEADS = (gettext_lazy("Part"), gettext_lazy("What it is"), gettext_lazy("What is stored"))


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that is stored: in which part, what it is, what it says."""

    part: str | Promise
    label: str | Promise
    value: str


def stored(member: Member) -> list[Item]:
    """Return everything that membership keeps about a member, and what the directory says of the person."""
    found = [*_person(member), *_spells(member), *_money(member), *_asked(member)]
    named = Mention.objects.filter(ref__in=[member.ref, member.holder]).values("position").distinct().count()
    found.append(Item(part=_("Ledger"), label=_("Facts that name you"), value=str(named)))
    return [one for one in found if one.value]


def _item(part: Any, label: Any, *values: Any) -> Item:
    return Item(part=part, label=label, value="　".join(str(one) for one in values if one not in (None, "")))


def _span(from_on: date | None, until_on: date | None) -> str:
    if until_on is None:
        return _("since %(day)s") % {"day": from_on} if from_on else ""
    return f"{from_on or ''}—{until_on}"


def _person(member: Member) -> Iterable[Item]:
    part, person = _("Who you are"), member.person
    if person is None:
        yield _item(part, _("Place of work"), member.name)
        return
    yield _item(part, _("Full name"), person.name, person.romanised)
    yield _item(part, _("Sex"), person.get_sex_display())
    yield _item(part, _("Date of birth"), person.born_on)
    yield _item(part, _("Mobile"), person.mobile_masked)
    yield _item(part, _("E-mail"), person.email)
    for one in person.documents.all():
        yield _item(part, one.get_kind_display(), one.masked)
    for job in person.employments.select_related("organisation"):
        yield _item(part, _("Place of work"), job.organisation.name, job.department, job.position,
                    _span(job.from_on, job.until_on))
    for one in (*person.titles.all(), *person.specialties.all()):
        yield _item(part, _("Titles and specialties"), one.label)
    for licence in person.licences.all():
        yield _item(part, licence.get_kind_display(), licence.masked, licence.scope,
                    _span(licence.from_on, licence.until_on))


def _spells(member: Member) -> Iterable[Item]:
    part = _("Membership")
    yield _item(part, _("Member number"), member.number)
    for spell in member.spells.select_related("brought_by"):
        yield _item(part, _("Member from, until"), _span(spell.joined_on, spell.ended_on),
                    Spell.Ended(spell.ended_by).label if spell.ended_by else "")
        yield _item(part, _("Brought in by"), spell.brought_by and spell.brought_by.name)
    for tier in member.tiers.select_related("tier"):
        yield _item(part, _("Tier"), tier.tier, _span(tier.from_on, tier.until_on))
    for place in member.affiliations.select_related("organisation"):
        yield _item(part, _("Branch"), place.organisation.name, _span(place.from_on, place.until_on))
    for paper in (one for spell in member.spells.all() for one in spell.certificates.all()):
        yield _item(part, _("Member certificate"), paper.number, paper.issued_on, paper.revoked_on and _("revoked"))


def _application(one: Application) -> Iterable[Item]:
    """Return what was said in an application with the names of the papers; numbers have their middle covered."""
    part = _("Application of %(day)s") % {"day": one.submitted_on}
    yield _item(part, _("State"), one.get_state_display(), one.reason)
    for _section, lines in told(questionnaire_of(one.form), said_by(one), on=one.submitted_on):
        for line in lines:
            yield _item(part, line.label, line.words)


_VOUCHED = {True: gettext_lazy("recommended"), False: gettext_lazy("declined"), None: gettext_lazy("not answered")}


def _money(member: Member) -> Iterable[Item]:
    part = _("Fees")
    for one in Coverage.objects.filter(spell__member=member):
        yield _item(part, one.get_kind_display(), _span(one.from_on, one.until_on), one.reason)
    for bill in Charge.objects.filter(spell__member=member):
        yield _item(part, _("Bill"), bill.year, bill.amount, bill.code, bill.cancelled_on and _("cancelled"))
    for payment in Payment.objects.filter(member=member):
        yield _item(part, _("Money received"), payment.paid_on, payment.amount, payment.payer_name, payment.remark)
    for receipt in Receipt.objects.filter(charge__spell__member=member):
        yield _item(part, _("Receipt"), receipt.number, receipt.payer_name, receipt.issued_on)


def _asked(member: Member) -> Iterable[Item]:
    part = _("Asked and chosen")
    own = applications_of(member)
    for one in own:
        yield from _application(one)
    for one in applications_under(member).exclude(pk__in=own.values("pk")):
        # Whoever typed the number may be a stranger; what they said is theirs.
        yield _item(_("Application of %(day)s") % {"day": one.submitted_on}, _("Under your number"),
                    one.get_state_display())
    for given in Recommendation.objects.filter(member=member).select_related("application"):
        yield _item(part, _("Asked to recommend"), given.application, given.asked_on, _VOUCHED[given.vouched])
    for request in member.join_requests.select_related("organisation"):
        yield _item(part, _("Request to join"), request.organisation.name, request.asked_on, request.reason)
    for spell in member.spells.all():
        for appeal in spell.appeals.all():
            yield _item(part, _("Appeal"), appeal.lodged_on, appeal.words, appeal.answer)
    for choice in member.choices.all():
        answer = _("Allowed") if choice.allowed else _("Not allowed")
        yield _item(part, choice.get_what_display(), answer, choice.chosen_on)
