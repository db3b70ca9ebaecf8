"""Keeps registers: opens them, lists and amends items, moves them from stage to stage."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, new_key, state
from xinglin.kernel.policy import Problem, Refusal, Refusals, require
from xinglin.kernel.refs import Code

from ..expecting import lacks, renewal_on
from ..facts import ItemAmended, ItemListed, ItemMoved, ItemReopened, TrackChanged, TrackClosed, TrackOpened
from ..paths import goes_round
from ..patterns import Stage, patterns, stages_to_keep
from ..policy import may_change_track, may_keep_items, may_open_track
from ..registers import Item, ItemOrder, Modality, Track
from ..saying import completion_of, item_named, item_said, track_said


class UnknownPattern(Refusal):
    """There is no such sort of register."""

    field = "pattern"


class TrackTaken(Refusal):
    """A register of this sort with this title exists."""

    field = "title"


class SiteInAnotherCounter(Refusal):
    """The site is counted in another register; it may stand in one counter only."""

    field = "subject"
    regulation = "WL8.one_counter"


class StageNeedsMore(Refusal):
    """The stage cannot be entered without what it needs."""

    field = "stage"


class SameStage(Refusal):
    """The item stands in this stage already."""

    field = "stage"


class NotYet(Refusal):
    """A stage is reached on a day that has come."""

    field = "happened_on"


class GoesRound(Refusal):
    """The order of milestones would run in a circle."""

    field = "after"


class NothingAmended(Refusal):
    """The amendment says what the register says already."""


# What proves that a stage was reached, and can be taken back later.
PROOFS = ("evidence", "document", "entry")


@dataclass(frozen=True, kw_only=True)
class ItemWords:
    """What is said about an item of a register; `until_on` is the day after the last of its term."""

    title: str
    number: str = ""
    parent: Item | None = None
    subject: str = ""
    region: str = ""
    grade: str = ""
    modality: str = Modality.MUST
    organisation: str = ""
    owner: str = ""
    party: str = ""
    party_name: str = ""
    from_on: date | None = None
    until_on: date | None = None
    due_on: date | None = None
    days: int | None = None
    from_place: str = ""
    to_place: str = ""
    result: str = ""
    after: tuple[int, ...] = ()

    def columns(self) -> dict[str, Any]:
        """Return the columns of the item's row."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "after"}

    @classmethod
    def of(cls, item: Item) -> "ItemWords":
        """Return what a register says about an item now."""
        said = {one.name: getattr(item, one.name) for one in fields(cls) if one.name != "after"}
        return cls(**said, after=tuple(item.befores.order_by("before_id").values_list("before_id", flat=True)))


@act
def open_track(*, by: Actor, on: date, pattern: str, title: str, organisation: str, target: int | None = None,
               modality: str = Modality.MUST, due_on: date | None = None) -> Track:
    """Open a register of one pattern, with a target where there is one."""
    require(may_open_track(actor=by, organisation=organisation))
    if pattern not in patterns():
        raise UnknownPattern(_("There is no sort of register “%(pattern)s”.") % {"pattern": pattern})
    _refuse_taken(pattern, title)
    track = Track(pattern_code=pattern, title=title, organisation=organisation, stages=stages_to_keep(pattern),
                  target=target, modality=modality, from_on=on, due_on=due_on)
    track.save()
    state(TrackOpened(**track_said(track)))
    return track


def _refuse_taken(pattern: str, title: str, *, but: int | None = None) -> None:
    if Track.objects.filter(pattern_code=pattern, title=title).exclude(pk=but).exists():
        raise TrackTaken(_("A register “%(title)s” exists.") % {"title": title})


@act
def change_track(*, by: Actor, on: date, track: Track, title: str, organisation: str, target: int | None = None,
                 modality: str = Modality.MUST, due_on: date | None = None) -> Track:
    """Give a register another title, keeper, target or date."""
    track.refresh_from_db(from_queryset=Track.objects.select_for_update())  # who closed it meanwhile was faster
    require(may_change_track(actor=by, track=track))
    require(may_open_track(actor=by, organisation=organisation))
    _refuse_taken(track.pattern_code, title, but=track.pk)
    before = track_said(track)
    track.title, track.organisation, track.target = title, organisation, target
    track.modality, track.due_on = modality, due_on
    if track_said(track) == before:
        raise NothingAmended(_("Nothing was changed."))
    track.save()
    state(TrackChanged(**track_said(track)))
    return track


@act
def close_track(*, by: Actor, on: date, track: Track) -> Track:
    """Stop keeping a register; what it counted stays counted."""
    track.refresh_from_db(from_queryset=Track.objects.select_for_update())
    require(may_change_track(actor=by, track=track))
    track.closed_on = on
    track.save(update_fields=["closed_on"])
    state(TrackClosed(track=track.ref))
    return track


@act
def list_items(*, by: Actor, on: date, track: Track, items: list[ItemWords]) -> list[Item]:
    """Put items on a register, each a fact of its own."""
    require(may_keep_items(actor=by, track=track))
    return [_list(track, words, on=on, row=row if len(items) > 1 else None) for row, words in enumerate(items)]


def _list(track: Track, words: ItemWords, *, on: date, row: int | None) -> Item:
    pattern = track.pattern
    item = Item(track=track, stage=track.stage_list[0].code, stage_on=on, said_key=new_key(),
                counter=track.pattern_code if pattern.one_counter else "", **words.columns())
    _check(item, row=row)
    item.save()
    _order(item, words.after)
    item.said_key = state(ItemListed(**item_said(item)))
    item.save(update_fields=["said_key"])
    return item


def _check(item: Item, *, row: int | None = None) -> None:
    """Refuse what an item lacks to be listed, an unknown grade, a wrong term, a second counter."""
    found = [Problem(field=one.field, message=one.message, row=row)
             for one in lacks(item, words=item.track.pattern.listing)]
    if not item.title.strip():
        found.append(Problem(field="title", message=gettext("Give it a name."), row=row))
    if item.grade and item.grade not in {one.code for one in item.track.pattern.grades}:
        found.append(Problem(field="grade", message=gettext("This grade is not known here."), row=row))
    if item.from_on and item.until_on and item.until_on <= item.from_on:
        found.append(Problem(field="until_on", message=gettext("The term ends before it begins."), row=row))
    if found:
        raise Refusals(found)
    _refuse_second_counter(item)


def _refuse_second_counter(item: Item) -> None:
    if not (item.counter and item.subject):
        return
    other = Item.objects.filter(counter=item.counter, subject=item.subject).exclude(pk=item.pk).select_related(
        "track").first()
    if other:
        raise SiteInAnotherCounter(_("This site is counted in “%(track)s” already (%(stage)s).") % {
            "track": other.track, "stage": other.at})


def _order(item: Item, after: tuple[int, ...]) -> None:
    item.befores.all().delete()
    if goes_round(track=item.track_id, item=item.pk, after=after):
        raise GoesRound(_("“%(item)s” would have to wait for itself.") % {"item": item})
    ItemOrder.objects.bulk_create([ItemOrder(before_id=one, after=item) for one in sorted(set(after))])


@act
def amend_item(*, by: Actor, on: date, item: Item, words: ItemWords) -> Item:
    """Change what a register says about an item; its stage stays, and what was completed is said anew."""
    item = Item.objects.held_locked(item.pk)
    require(may_keep_items(actor=by, track=item.track, organisation=item.organisation))
    if words == ItemWords.of(item):
        raise NothingAmended(_("Nothing was changed."))
    completed = completion_of(item)
    for name, value in words.columns().items():
        setattr(item, name, value)
    _check(item)
    _refuse_bare_stage(item, [one for one in lacks(item, words=item.at.needs) if one.field in words.columns()])
    item.save()
    _order(item, words.after)
    item.said_key = state(ItemAmended(**item_said(item)), corrects=item.said_key)
    if item.done_key and completion_of(item) != completed:
        item.done_key = state(completion_of(item), happened_on=item.done_on, corrects=item.done_key)
    item.save(update_fields=["said_key", "done_key"])
    return item


def _refuse_bare_stage(item: Item, missing: list[Problem]) -> None:
    if missing:
        raise StageNeedsMore(_("“%(stage)s” needs more: %(missing)s") % {
            "stage": item.at, "missing": " ".join(str(one.message) for one in missing)}, field=missing[0].field)


@act
def move_item(*, by: Actor, on: date, item: Item, stage: str, reason: str = "", result: str = "",
              due_on: date | None = None, happened_on: date | None = None) -> Item:
    """Move an item to another stage, as of the day it got there; one that counts is a fact, leaving it corrects it."""
    item = Item.objects.held_locked(item.pk)
    require(may_keep_items(actor=by, track=item.track, organisation=item.organisation))
    if item.stage == stage:
        raise SameStage(_("It stands at “%(stage)s” already.") % {"stage": item.at})
    if happened_on and happened_on > on:
        raise NotYet(_("%(day)s has not come yet; move it when it is there.") % {"day": happened_on})
    _move(item, to=item.track.stage(stage), reason=reason, result=result, due_on=due_on, on=happened_on or on)
    return item


def _move(item: Item, *, to: Stage, on: date, reason: str = "", result: str = "", due_on: date | None = None) -> None:
    before, was_done = item.stage, item.at.done
    item.stage, item.stage_on, item.reason = to.code, on, reason
    item.result, item.due_on = result or item.result, due_on or item.due_on
    if to.renews and not due_on:
        item.due_on = renewal_on(item, passed_on=on)
    _refuse_bare_stage(item, lacks(item, words=to.needs))
    state(ItemMoved(**item_named(item), before=Code(before), stage=Code(to.code), due_on=item.due_on,
                    reason=reason, result=item.result), happened_on=on)
    if was_done and item.done_key:
        state(ItemReopened(**item_named(item)), corrects=item.done_key)
        item.done_on = item.done_key = None
    if to.done:
        item.done_on, item.done_key = on, state(completion_of(item), happened_on=on)
    item.counter = item.track.pattern_code if item.track.pattern.one_counter and not _dropped(to) else ""
    _refuse_second_counter(item)
    item.save()


def _dropped(stage: Stage) -> bool:
    """Say whether a stage ends an item without counting it: its site is free for another counter."""
    return stage.closed and not stage.done


def reach_by_entry(*, item: Item, format_: str, on: date) -> None:
    """Move an item to the stage its pattern names for a verified entry, inside a running act; a closed one stays."""
    item = Item.objects.held_locked(item.pk)
    held = item.track.pattern.held
    to = held.get(format_) or held.get("")
    if to and not (item.at.closed or item.track.closed_on):
        _move(item, to=item.track.stage(to), on=on)


def leave_after_withdrawal(*, item: Item | None) -> None:
    """Move an item back when what proved its stage counts no more; an entry that still counts moves it anew."""
    if item is None:
        return
    item = Item.objects.held_locked(item.pk)
    if item.track.closed_on:
        return
    counted = list(item.entries.counted().order_by("happened_on", "pk"))
    told = item.stage not in item.track.pattern.held.values() or item.done_on in [one.last_on for one in counted]
    if told and not lacks(item, words=[one for one in item.at.needs if one in PROOFS]):
        return
    _move(item, to=_stage_before(item), on=item.stage_on)
    if counted:
        reach_by_entry(item=item, format_=counted[0].format, on=counted[0].last_on)


def _stage_before(item: Item) -> Stage:
    """Return the nearest earlier stage that counts nothing and lacks nothing, else the first."""
    stages = item.track.stage_list
    earlier = stages[:stages.index(item.at)]
    return next((one for one in reversed(earlier) if not (one.done or one.closed) and not lacks(item, words=one.needs)),
                stages[0])
