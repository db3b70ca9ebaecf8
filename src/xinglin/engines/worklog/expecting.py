"""What an item of a register lacks: refused where a stage needs it, flagged where it should be there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xinglin.kernel import regulations
from xinglin.kernel.files import Attachment
from xinglin.kernel.policy import Problem
from xinglin.kernel.refs import Ref

from .patterns import Word
from .registers import Item, Modality

HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something that somebody must look at: which light, in which words."""

    light: str  # warn or bad
    message: str


def _has_evidence(item: Item) -> bool:
    if "evidenced" in item.__dict__:  # a list loads this for all its rows at once
        return bool(item.__dict__["evidenced"])
    return Attachment.objects.filter(to=item.ref).exists() or _has_entry(item)


def papers(item: Item) -> list[Ref]:
    """Return what bears the documents of an item: itself, and the verified entries that point to it."""
    return [item.ref, *(one.ref for one in item.entries.counted().only("pk"))]


def _has_document(item: Item) -> bool:
    return Attachment.objects.filter(to__in=papers(item)).exists()


def _has_entry(item: Item) -> bool:
    return item.entries.counted().exists()


def _no_open_high(item: Item) -> bool:
    return not any(one.grade == HIGH and not one.at.closed for one in item.children.select_related("track"))


# Word of patterns.yaml → (field of the form, what is said when it is missing, whether it is there).
_CHECKS: dict[str, tuple[str, Callable[[], str], Callable[[Item], bool]]] = {
    "subject": ("subject", lambda: _("Name the site or institution."), lambda item: bool(item.subject)),
    "owner": ("organisation", lambda: _("Nobody owns it."), lambda item: bool(item.organisation)),
    "due": ("due_on", lambda: _("It has no due date."), lambda item: bool(item.due_on)),
    "party": ("party_name", lambda: _("Say with whom or by whom."), lambda item: bool(item.party or item.party_name)),
    "term": ("until_on", lambda: _("Its term is missing."), lambda item: bool(item.from_on and item.until_on)),
    "evidence": ("evidence", lambda: _("There is no document or verified entry behind it."), _has_evidence),
    "document": ("evidence", lambda: _("No document is attached to it or to the work done for it."), _has_document),
    "entry": ("entries", lambda: _("No verified entry points to it."), _has_entry),
    "reason": ("reason", lambda: _("Write the reason."), lambda item: bool(item.reason.strip())),
    "result": ("result", lambda: _("Write the result."), lambda item: bool(item.result.strip())),
    "places": ("to_place", lambda: _("Name the old and the new place."),
               lambda item: bool(item.from_place.strip() and item.to_place.strip())),
    "region": ("region", lambda: _("Name the district."), lambda item: bool(item.region)),
    "grade": ("grade", lambda: _("Choose a grade."), lambda item: bool(item.grade)),
    "parent": ("parent", lambda: _("Say to which system it belongs."), lambda item: item.parent_id is not None),
    "length": ("days", lambda: _("Say how many days the work takes."), lambda item: item.days is not None),
    "after": ("after", lambda: _("Say what must be finished before."), lambda item: item.befores.exists()),
    "modality": ("modality", lambda: _("Say how firmly it is promised."), lambda item: bool(item.modality)),
    "no_open_high": ("stage", lambda: _("A high-risk finding is open."), _no_open_high),
    "decision": ("stage", lambda: _("Neither replaced, nor planned, nor a reason recorded."), lambda item: False),
}


def lacks(item: Item, *, words: Iterable[str]) -> list[Problem]:
    """Return what an item lacks of the given words, each beside its field."""
    return [Problem(field=field, message=say()) for word in words
            for field, say, there in (_CHECKS[word],) if not there(item)]


def strives(*, on: date) -> bool:
    """Say whether what is only striven for counts as no miss when it was not reached (WL7.strive)."""
    return bool(regulations.value("WL7.strive", on=on) == "not_a_miss")


def missed(item: Item, *, on: date) -> bool:
    """Say whether an item should have been reached by a date and was not; what was striven for is not missed."""
    return item.overdue(on) and not (item.modality == Modality.STRIVE and strives(on=on))


def flags(item: Item, *, on: date) -> list[Flag]:
    """Return what somebody must look at in an item on a date; a closed item has no flags."""
    stage = item.at
    if stage.closed:
        return []
    answer = [Flag(light="bad", message=str(one.message)) for one in lacks(item, words=stage.expects)]
    if missed(item, on=on):
        answer.append(Flag(light="bad", message=_("Overdue since %(day)s.") % {"day": item.due_on}))
    elif item.overdue(on):
        answer.append(Flag(light="warn", message=_("Striven for, not reached by %(day)s.") % {"day": item.due_on}))
    elif item.due_on and 0 <= (item.due_on - on).days <= 30 and (stage.renews or not stage.done):
        answer.append(Flag(light="warn", message=_("Due in %(days)d days.") % {"days": (item.due_on - on).days}))
    return answer


def renewal_on(item: Item, *, passed_on: date) -> date:
    """Return when a system is to be assessed again, by its level (WL5)."""
    rule = "WL5.cycle_months" if item.grade != "level2" else "WL5.cycle_months_two"
    months = int(regulations.value(rule, on=passed_on))
    year, month = divmod(passed_on.year * 12 + passed_on.month - 1 + months, 12)
    for day in (passed_on.day, 28):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def grade_of(item: Item) -> Word | None:
    """Return an item's grade in words."""
    return next((one for one in item.track.pattern.grades if one.code == item.grade), None)
