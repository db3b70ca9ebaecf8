"""Tables of members: a number for ever, spells of belonging, tiers, branches, and the days that are paid or waived."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .tiers import Holder, Tier


class DatedQuerySet(StatedQuerySet):
    """Sets of rows that hold from a day until before another."""

    def on(self, day: date) -> "DatedQuerySet":
        """Return those that hold on a day."""
        return self.filter(from_on__lte=day).filter(Q(until_on=None) | Q(until_on__gt=day))

    def one_locked(self, *, pk: int) -> Any:
        """Lock one row and return it."""
        return self.select_for_update(of=("self",)).get(pk=pk)


class MemberQuerySet(StatedQuerySet):
    """Sets of members."""

    def one_locked(self, *, pk: int) -> "Member":
        """Lock one member and return it."""
        return self.select_for_update(of=("self",)).select_related("person", "unit").get(pk=pk)

    def holding_locked(self, *, people: list[int], units: list[int]) -> "list[Member]":
        """Lock the members who are these people and units and return them."""
        rows = self.filter(Q(person__in=people) | Q(unit__in=units)).select_for_update(of=("self",))
        return list(rows.select_related("person", "unit").order_by("pk"))

    def of_branches(self, branches: list[int], *, on: date) -> "MemberQuerySet":
        """Return those who belong to one of these branches or groups on a day."""
        there = Affiliation.objects.on(on).filter(organisation__in=branches)
        return self.filter(pk__in=there.values("member"))


class Member(Stated):
    """A person or a unit under a number that is never given to anybody else; status is computed, never kept."""

    number = models.CharField(max_length=40, unique=True)
    serial = models.PositiveIntegerField(unique=True)
    person = models.OneToOneField("directory.Person", models.PROTECT, null=True, related_name="membership")
    unit = models.OneToOneField("directory.Organisation", models.PROTECT, null=True, related_name="membership")

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = [models.CheckConstraint(
            condition=Q(person=None, unit__isnull=False) | Q(person__isnull=False, unit=None),
            name="a_member_is_a_person_or_a_unit")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """Its name for the rest of the house."""
        return ref("membership.member", self.pk)

    @property
    def holder(self) -> Ref:
        """The person or the unit."""
        return self.person.ref if self.person else self.unit.ref

    @property
    def holder_kind(self) -> Holder:
        """Whether it is a person or a unit."""
        return Holder.PERSON if self.person_id else Holder.UNIT

    @property
    def name(self) -> str:
        """What the person or the unit is called today."""
        return str(self.person or self.unit)

    def get_absolute_url(self) -> str:
        """Return the address of the member's page."""
        return reverse("membership:member", args=[self.pk])


class SpellQuerySet(StatedQuerySet):
    """Sets of spells."""

    def current(self, day: date) -> "SpellQuerySet":
        """Return for each member the spell that began last up to a day, over or not."""
        later = Spell.objects.filter(member=models.OuterRef("member"), joined_on__lte=day,
                                     joined_on__gt=models.OuterRef("joined_on"))
        return self.filter(joined_on__lte=day).exclude(models.Exists(later))


class Spell(Stated):
    """One time of belonging, from admission until the exit; who comes back begins another under the old number."""

    class Ended(models.TextChoices):
        """How it ended."""

        LEFT = "left", _("Left of their own will")
        LAPSED = "lapsed", _("Deemed to have left")
        EXPELLED = "expelled", _("Expelled")
        DIED = "died", _("Died")
        DISSOLVED = "dissolved", _("Unit dissolved or merged")

    member = models.ForeignKey(Member, models.PROTECT, related_name="spells", db_index=False)
    joined_on = models.DateField()
    ended_on = models.DateField(null=True)  # the first day without membership
    ended_by = models.CharField(max_length=10, choices=Ended, blank=True)
    decision = models.CharField(max_length=120, blank=True)  # of the admission
    end_decision = models.CharField(max_length=120, blank=True)
    left_key = models.UUIDField(null=True)  # the fact of the exit, which taking it back corrects
    reinstated_on = models.DateField(null=True)  # a lapse taken back is not repeated the night after
    # The branch whose work brought the member in: its credit, whatever branch the member belongs to later.
    brought_by = models.ForeignKey("directory.Organisation", models.PROTECT, null=True, related_name="+")

    objects = SpellQuerySet.as_manager()

    class Meta:
        ordering = ("member", "joined_on")
        constraints = [
            models.CheckConstraint(condition=Q(ended_on=None) | Q(ended_on__gte=F("joined_on")),
                                   name="spell_ends_after_start"),
            models.CheckConstraint(condition=Q(ended_on=None, ended_by="") | (Q(ended_on__isnull=False)
                                                                              & ~Q(ended_by="")),
                                   name="spell_ended_somehow"),
            models.UniqueConstraint(fields=["member"], condition=Q(ended_on=None), name="one_open_spell"),
            models.UniqueConstraint(fields=["member", "joined_on"], name="a_spell_begins_once_a_day"),
        ]


class TierSpan(Stated):
    """The tier of a member from a day until before another."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="tiers")
    tier = models.ForeignKey(Tier, models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("member", "from_on")
        constraints = [
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="tier_span_holds"),
            models.UniqueConstraint(fields=["member"], condition=Q(until_on=None), name="one_open_tier"),
        ]


class Affiliation(Stated):
    """A member belongs to a branch, a local body or a squad from a day until before another."""

    class How(models.TextChoices):
        """How it began."""

        ADMITTED = "admitted", _("On admission")
        ASKED = "asked", _("On request")
        TRANSFERRED = "transferred", _("Transferred in")

    member = models.ForeignKey(Member, models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey("directory.Organisation", models.PROTECT, related_name="members")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    how = models.CharField(max_length=12, choices=How, default=How.ADMITTED)
    main = models.BooleanField(default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("member", "-main", "from_on")
        constraints = [
            models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                                   name="affiliation_ends_after_start"),
            models.UniqueConstraint(fields=["member", "organisation"], condition=Q(until_on=None),
                                    name="affiliated_once"),
            models.UniqueConstraint(fields=["member"], condition=Q(until_on=None, main=True),
                                    name="one_main_affiliation"),
        ]
        indexes = [models.Index(fields=["organisation", "until_on"], name="members_of_branch")]


class Coverage(Stated):
    """Days for which nothing is owed: paid, waived, or a free seat of a unit; `until_on` empty means for life."""

    class Kind(models.TextChoices):
        """Why nothing is owed."""

        PAID = "paid", _("Paid")
        WAIVED = "waived", _("Waived")
        SEAT = "seat", _("Free seat of a unit")

    spell = models.ForeignKey(Spell, models.PROTECT, related_name="coverages", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    charge = models.OneToOneField("membership.Charge", models.PROTECT, null=True, related_name="coverage")
    unit = models.ForeignKey(Member, models.PROTECT, null=True, related_name="seats")
    reason = models.CharField(max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ("spell", "from_on")
        constraints = [models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=F("from_on")),
                                              name="coverage_ends_after_start")]
        indexes = [models.Index(fields=["spell", "from_on", "until_on", "kind"], name="coverage_of_spell")]
