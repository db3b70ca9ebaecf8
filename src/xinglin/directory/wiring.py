"""Registers what other floors ask of the directory: navigation, search, choosers, addresses, labels of jobs."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import Actor
from xinglin.kernel.notices import register_notice
from xinglin.kernel.ports import provide
from xinglin.kernel.ports.addresses import Address, Addresses
from xinglin.kernel.refs import Ref, ref
from xinglin.lib.text import folded
from xinglin.shell import choosing, drawing, naming, navigation, search
from xinglin.shell.choosing import Choice
from xinglin.shell.navigation import Entry
from xinglin.shell.search import Hit

from . import policy, telling
from .accounts import Account
from .actions.bank_accounts import NOTICE
from .importing.jobs import CHECK, KIND
from .lists import organisation_kinds, organisation_levels, post_titles, professional_titles, specialties
from .organisations import Organisation
from .people import Person
from .refs import address


def _people(query: str, actor: Actor, limit: int) -> list[Person]:
    if not query.strip():
        return []
    rows = policy.people_seen(actor=actor, on=clock.today()).found(query)
    return list(rows.prefetch_related("employments__organisation")[:limit])


def choose_person(query: str, actor: Actor, limit: int) -> list[Choice]:
    """Offer people with the unit that tells namesakes apart."""
    return [Choice(ref=one.ref, label=one.name, sub=one.workplace) for one in _people(query, actor, limit)]


def _organisations(query: str, limit: int) -> list[Organisation]:
    if not query.strip():
        return []
    rows = Organisation.objects.found(query).select_related("parent")
    return list(rows[:limit])


def choose_organisation(query: str, actor: Actor, limit: int) -> list[Choice]:
    """Offer organisations; those that ended say so."""
    return [Choice(ref=one.ref, label=one.name, sub=_about(one)) for one in _organisations(query, limit)]


def _about(one: Organisation) -> str:
    ended = _("ended %(day)s") % {"day": one.until_on} if one.until_on else ""
    return "　".join(filter(None, (one.kind_label, one.parent.label if one.parent else "", str(ended))))


def choose_specialty(query: str, actor: Actor, limit: int) -> list[Choice]:
    """Offer disciplines by name or code."""
    asked = folded(text=query)
    found = [one for one in specialties.entries.values()
             if any(asked in folded(text=word) for word in (one.code, one.zh, one.en, *one.also))]
    return [Choice(ref=ref("directory.specialty", one.code), label=one.label, sub=one.code) for one in found[:limit]]


def find_people(query: str, actor: Actor, limit: int) -> list[Hit]:
    """Find people for the search over everything."""
    return [Hit(label=one.name, url=address("person", one.pk), sub=one.workplace, icon="user")
            for one in _people(query, actor, limit)]


def find_organisations(query: str, actor: Actor, limit: int) -> list[Hit]:
    """Find organisations for the search over everything."""
    if not actor.roles:
        return []
    return [Hit(label=one.name, url=address("organisation", one.pk), sub=_about(one), icon="building")
            for one in _organisations(query, limit)]


def in_words(field: str, code: str) -> str:
    """Return a code of the directory's facts in words, "" when it has none."""
    found = {"kind": (organisation_kinds,), "title": (post_titles, professional_titles),
             "level": (organisation_levels,)}.get(field, ())
    return next((one.label(code) for one in found if code in one.entries), "")


class AddressBook:
    """Where people are reached: the person's own mobile and e-mail, the account's language."""

    def of(self, *, people: Sequence[Ref]) -> dict[Ref, Address]:
        """Return the address of each person known; a merged entry answers with whom it became."""
        keys = {int(one.key): one for one in people if one.kind == "directory.person" and one.key.isdecimal()}
        rows = Person.objects.filter(pk__in=keys).select_related("merged_into")
        living = {row.pk: row.merged_into or row for row in rows}
        languages = dict(Account.objects.filter(person__in=[one.pk for one in living.values()])
                         .exclude(language="").values_list("person", "language"))
        return {keys[key]: Address(person=keys[key], email=one.email, mobile=one.mobile,
                                   language=languages.get(one.pk, "zh-hans")) for key, one in living.items()}


def _sees_people(actor: Actor) -> bool:
    return bool(policy.may_see_people(actor=actor))


naming.register_codes("directory", in_words)
choosing.register("directory.person", choose_person)
choosing.register("directory.organisation", choose_organisation)
choosing.register("directory.specialty", choose_specialty)
search.register("directory.person", find_people, label=_("People found"), order=10)
search.register("directory.organisation", find_organisations, label=_("Organisations"), order=20)
navigation.register(Entry(section="work", label=_("Register of people"), icon="users", url_name="directory:people",
                          order=60, when=_sees_people, key="p"))
navigation.register(Entry(section="work", label=_("Organisations"), icon="building", url_name="directory:organisations",
                          order=61, when=lambda actor: bool(policy.may_see_organisations(actor=actor)), key="o"))
navigation.register(Entry(section="work", label=_("Imports"), icon="upload", url_name="directory:imports", order=62,
                          when=lambda actor: bool(policy.may_import(actor=actor))))
drawing.JOB_LABELS[KIND] = _("Import of a list")
drawing.JOB_LABELS[CHECK] = _("Check of a list")
drawing.JOB_LABELS[telling.KIND] = _("Message to a mobile number or e-mail address")
register_notice(NOTICE, app="xinglin.directory")
provide(Addresses, AddressBook())
