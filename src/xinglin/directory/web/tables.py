"""Lists of the directory: people and organisations, found through their search keys."""

from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.lib.regions import provinces, region_of
from xinglin.shell.tables import Choice, Column, Segment, Table, YesNo

from .. import lists, policy
from ..organisations import Organisation
from ..people import Employment, Person, PersonTitle
from ..posts import Term


class Keyed(Table):
    """A list whose search box asks the search keys instead of reading every row."""

    # The order without a search; hits come in the order of `found`.
    browsing: tuple[str, ...] = ()

    @cached_property
    def narrowed(self) -> Any:
        """Rows after search and conditions."""
        rows = self.everything
        for one in self.conditions:
            rows = one.narrow(rows)
        return rows.found(self.text) if self.text else rows.order_by(*self.browsing)


def _with_posts(rows: QuerySet[Person], values: list[str]) -> QuerySet[Person]:
    held = Term.objects.on(clock.today()).filter(post__title__in=values)
    return rows.filter(pk__in=held.values("person"))


def _with_titles(rows: QuerySet[Person], values: list[str]) -> QuerySet[Person]:
    return rows.filter(pk__in=PersonTitle.objects.filter(title__in=values).values("person"))


def _of_branches(rows: QuerySet[Person], values: list[str]) -> QuerySet[Person]:
    held = Term.objects.on(clock.today()).filter(post__organisation__in=values)
    return rows.filter(pk__in=held.values("person"))


def _branch_choices() -> list[tuple[str, str]]:
    rows = Organisation.objects.on(clock.today()).filter(kind__in=("branch", "association"))
    return [(str(one.pk), one.label) for one in rows]


def _posts(person: Person) -> str:
    held = [f"{one.post.organisation.label}{one.post.label}" for one in person.held]  # type: ignore[attr-defined]
    return "、".join(held[:2]) + (f"…（{len(held)}）" if len(held) > 2 else "")


def _titles(person: Person) -> str:
    return "、".join(one.label for one in person.titles.all())


class People(Keyed):
    """The register of people."""

    code, unit = "directory.people", "人"
    title = _("Register of people")
    search_hint = _("Name, pinyin, initials, unit, last digits")
    columns = (
        Column("name", _("Name and workplace"), sort="sort_key", at="name", sub="workplace",
               link=lambda row: reverse("directory:person", args=[row.pk])),
        Column("posts", _("Posts"), value=_posts, at="wide"),
        Column("titles", _("Professional title"), value=_titles),
        Column("sex", _("Sex"), value=lambda row: row.get_sex_display(), hidden=True),
        Column("born_on", _("Date of birth"), kind="date", sort="born_on", hidden=True),
        Column("mobile", _("Mobile"), sensitive=True, value="mobile"),
        Column("email", _("E-mail"), hidden=True),
        Column("registered_on", _("Registered on"), kind="date", sort="registered_on"),
    )
    filters = (
        Choice("post", _("Post"), options=lambda: lists.post_titles.choices(), apply=_with_posts),
        Choice("at", _("Organisation of the post"), options=_branch_choices, apply=_of_branches),
        Choice("title", _("Professional title"), options=lambda: lists.professional_titles.choices(),
               apply=_with_titles),
        YesNo("no_document", _("Without document"), where=Q(documents=None)),
        YesNo("no_mobile", _("Without mobile"), where=Q(mobile_masked="")),
    )
    browsing = ("sort_key", "pk")
    empty = (_("Nobody is in the directory yet"), _("Import the list you keep in Excel; wrong rows come with reasons."),
             "directory:imports", _("Import a list"))

    @property
    def segments(self) -> tuple[Segment, ...]:  # type: ignore[override]
        """All, those who hold a post today, those without one."""
        held = Term.objects.on(clock.today()).values("person")
        return (Segment("all", _("All")), Segment("posts", _("With a post"), where=Q(pk__in=held)),
                Segment("none", _("Without a post"), where=~Q(pk__in=held)))

    def rows(self) -> QuerySet[Person]:
        """Return the people this actor may look up, with unit, titles and present posts."""
        on = clock.today()
        jobs = Prefetch("employments", Employment.objects.filter(until_on=None).select_related("organisation"))
        held = Prefetch("terms", Term.objects.on(on).select_related("post__organisation"), to_attr="held")
        return policy.people_seen(actor=self.actor, on=on).prefetch_related(jobs, held, "titles")


def _region(one: Organisation) -> str:
    found = region_of(code=one.region) if one.region else None
    return found.name if found else ""


class Organisations(Keyed):
    """The register of organisations."""

    code, unit = "directory.organisations", "家"
    title = _("Organisations")
    search_hint = _("Present or former name, pinyin, initials, credit code")
    columns = (
        Column("name", _("Name"), sort="sort_key", at="name", sub=lambda row: row.parent.label if row.parent else "",
               link=lambda row: reverse("directory:organisation", args=[row.pk])),
        Column("kind", _("Type"), value="kind_label", sort="kind"),
        Column("level", _("Level"), value="level_label", sort="level"),
        Column("region", _("Administrative region"), value=_region, sort="region"),
        Column("credit_code", _("Unified social credit code"), kind="id", hidden=True),
        Column("leader", _("Led by"), value="leader"),
        Column("from_on", _("Founded on"), kind="date", sort="from_on"),
        Column("until_on", _("Ended on"), kind="date", sort="until_on", hidden=True),
    )
    segments = (
        Segment("now", _("In being"), where=Q(until_on=None)),
        Segment("branches", _("Branches"), where=Q(until_on=None, kind__in=("branch", "youth_committee"))),
        Segment("hospitals", _("Hospitals"), where=Q(until_on=None, kind="hospital")),
        Segment("departments", _("Departments of the secretariat"),
                where=Q(until_on=None, kind__in=("department", "office"))),
        Segment("ended", _("No longer in being"), where=Q(until_on__isnull=False)),
    )
    filters = (
        Choice("kind", _("Type"), options=lambda: lists.organisation_kinds.choices()),
        Choice("level", _("Level"), options=lambda: lists.organisation_levels.choices()),
        Choice("province", _("Province"), options=lambda: [(one.code[:2], one.short_name) for one in provinces()],
               apply=lambda rows, values: rows.filter(_starts(values))),
    )
    browsing = ("order", "sort_key", "pk")
    empty = (_("No organisation is in the directory yet"),
             _("Import hospitals, branches and departments from Excel, or enter the association first."),
             "directory:organisation_new", _("Enter an organisation"))

    def rows(self) -> QuerySet[Organisation]:
        """Return every organisation, with who leads it."""
        heads = ("president", "chair", "department_head", "secretary_general")
        leader = (Term.objects.on(clock.today()).filter(post__organisation=OuterRef("pk"), post__title__in=heads)
                  .order_by("post__order").values("person__name")[:1])
        return Organisation.objects.select_related("parent").annotate(leader=Subquery(leader))


def _starts(values: list[str]) -> Q:
    where = Q()
    for value in values:
        where |= Q(region__startswith=value)
    return where
