"""Organisations: what they are called, what they belong to, and how both changed over time."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.refs import Ref, ref
from xinglin.kernel.stated import Stated, StatedQuerySet

from .keys import SearchKey, found_by, unindexed
from .lists import organisation_kinds, organisation_levels

PARTS_OF_OURS = ("department", "office", "branch")


class OrganisationQuerySet(StatedQuerySet):
    """Names the sets of organisations that others ask for."""

    def on(self, day: date) -> "OrganisationQuerySet":
        """Return those that exist on a day; an unknown beginning lies before every day."""
        began = models.Q(from_on=None) | models.Q(from_on__lte=day)
        return self.filter(began & (models.Q(until_on=None) | models.Q(until_on__gt=day)))

    def ours(self, day: date) -> "OrganisationQuerySet":
        """Return the association whose directory this is.

        Of the associations that belong to nobody it is the one whose first department, office or branch was entered
        first; while none has any, the one entered first. Acts keep it from changing (`ours.keeping_ours`).
        """
        part = models.Min("parts", filter=models.Q(parts__kind__in=PARTS_OF_OURS))
        tops = self.on(day).filter(kind="association", parent=None).alias(first_part=part)
        return self.filter(pk__in=tops.order_by(models.F("first_part").asc(nulls_last=True), "pk").values("pk")[:1])

    def found(self, words: str) -> "OrganisationQuerySet":
        """Return those whom every word finds, by present and former names, pinyin, initials or credit code."""
        answer = self
        for word in words.split():
            answer = answer.filter(pk__in=OrganisationKey.objects.filter(found_by(word)).values("organisation"))
        return answer.order_by("until_on", "order", unindexed("sort_key"), "pk")

    def kinds_within(self, pk: int) -> set[str]:
        """Return the kinds of an organisation and of all its parts."""
        kinds, level, seen = set[str](), {pk}, set[int]()
        while level:
            kinds |= set(self.filter(pk__in=level).values_list("kind", flat=True))
            seen |= level
            level = set(self.filter(parent__in=level).values_list("pk", flat=True)) - seen
        return kinds

    def in_writing_locked(self, *pks: int) -> "list[Organisation]":
        """Lock these organisations in the order of their keys and return them."""
        return list(self.select_for_update().filter(pk__in=pks).order_by("pk"))


class Organisation(Stated):
    """An association, branch, department, hospital, school, company or authority, under its present name."""

    name = models.CharField(_("Name"), max_length=120)
    short_name = models.CharField(_("Short name"), max_length=60, blank=True)
    kind = models.CharField(_("Type"), max_length=30)  # code of lists/organisation_kinds.csv
    level = models.CharField(_("Level"), max_length=20, blank=True)  # code of lists/organisation_levels.csv
    region = models.CharField(_("Administrative region"), max_length=6, blank=True)  # GB/T 2260
    credit_code = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    from_on = models.DateField(_("Founded on"), null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")
    order = models.PositiveIntegerField(default=0)
    sort_key = models.CharField(max_length=300, db_index=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("order", "sort_key", "pk")
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="an_organisation_has_a_name"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="no_part_of_itself"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(from_on=None) | models.Q(until_on__gt=models.F("from_on")),
                name="organisation_ends_after_start"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~models.Q(credit_code="") & models.Q(until_on=None),
                name="one_organisation_per_credit_code"),
        ]
        indexes = [models.Index(fields=["kind", "until_on"], name="organisation_kind")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> Ref:
        """The name by which strangers know this organisation."""
        return ref("directory.organisation", self.pk)

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return organisation_kinds.label(self.kind)

    @property
    def level_label(self) -> str:
        """The level in words, such as 三级甲等."""
        return organisation_levels.label(self.level) if self.level else ""

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page."""
        return reverse("directory:organisation", args=[self.pk])

    def name_on(self, day: date) -> str:
        """Return the name it bore on a day: the one before the first renaming after that day."""
        later = sorted((one for one in self.changes.all()
                        if one.kind == OrganisationChange.Kind.RENAMED and one.changed_on > day),
                       key=lambda one: (one.changed_on, one.pk))
        return later[0].old_name if later else self.name

    def parent_on(self, day: date) -> "Organisation | None":
        """Return what it belonged to on a day: the parent before the first move after that day."""
        later = sorted((one for one in self.changes.all()
                        if one.kind == OrganisationChange.Kind.MOVED and one.changed_on > day),
                       key=lambda one: (one.changed_on, one.pk))
        return later[0].old_parent if later else self.parent


class OrganisationKey(SearchKey):
    """One text that finds an organisation: a name it bears or bore, its pinyin, initials or credit code."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="keys", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "text"], name="an_organisation_key_once")]


class OrganisationChange(Stated):
    """What became of an organisation on a day, by which decision: renamed, moved, merged, split, closed."""

    class Kind(models.TextChoices):
        """What happened to it."""

        RENAMED = "renamed", _("Renamed")
        MOVED = "moved", _("Moved")
        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Split up")
        CLOSED = "closed", _("Closed down")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    changed_on = models.DateField()
    decision = models.CharField(_("Decision number"), max_length=120, blank=True)
    old_name = models.CharField(max_length=120, blank=True)
    new_name = models.CharField(max_length=120, blank=True)
    old_parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    new_parent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    into = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="came_from")

    class Meta:
        ordering = ("changed_on", "pk")
