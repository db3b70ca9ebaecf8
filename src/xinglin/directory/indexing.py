"""Search keys of people and organisations: by which texts each is found."""

from collections.abc import Iterable

from pypinyin import lazy_pinyin

from xinglin.lib import names

from .keys import key_of, masked_key
from .organisations import Organisation, OrganisationChange, OrganisationKey
from .people import IdentityDocument, Person, PersonKey


def person_keys(*, person: Person, masked: Iterable[str] = ()) -> set[str]:
    """Return what finds a person: the name from any character on, pinyin, initials, e-mail, masked numbers.

    `masked` are the numbers as pages show them: 110105********002X also answers to its last four characters.
    """
    keys = {key_of(key) for key in names.search_keys(name=person.name)}
    given = names.name_parts(name=person.name).given
    whole = key_of(person.name)
    keys |= {whole[start:] for start in range(1, len(whole))} if given != person.name else set()
    keys |= {key_of(word) for word in person.name.split()}
    read = names.syllables(name=person.name)
    if read:
        keys.add(key_of("".join(read[len(read) - len(given):])))
    if person.email:
        keys.add(key_of(person.email))
    for one in (*masked, person.mobile_masked):
        if one:
            keys |= {masked_key(one), key_of(one.rpartition("*")[2])}
    return keys - {""}


def organisation_keys(*, organisation: Organisation, former: Iterable[str] = ()) -> set[str]:
    """Return what finds an organisation: its names from any character on, their pinyin and initials, its code."""
    keys: set[str] = set()
    for name in {organisation.name, organisation.short_name, *former} - {""}:
        whole = key_of(name)
        read = [syllable.casefold() for character in whole for syllable in lazy_pinyin(character)]
        for start in range(len(whole)):
            keys.add(whole[start:])
            if len(read) == len(whole):
                keys.add("".join(syllable[0] for syllable in read[start:])[:48])
                keys.add("".join(read[start:])[:48])
    if organisation.credit_code:
        keys |= {key_of(organisation.credit_code), key_of(organisation.credit_code[-4:])}
    return keys - {""}


def described(person: Person) -> Person:
    """Set what is derived from the name: the order in lists and the Latin spelling."""
    person.sort_key = names.sort_key(name=person.name)[:200]
    person.romanised = names.romanised(name=person.name)[:120]
    return person


def organisation_sort_key(name: str) -> str:
    """Return the text by which lists of organisations are put in order: pinyin, character by character."""
    return " ".join(lazy_pinyin(name))[:300]


def reindex_person(person: Person) -> None:
    """Rewrite the keys of one person."""
    masked = IdentityDocument.objects.filter(person=person).values_list("masked", flat=True)
    former = set(PersonKey.objects.filter(person=person).values_list("text", flat=True))
    wanted = person_keys(person=person, masked=masked)
    PersonKey.objects.filter(person=person, text__in=former - wanted).delete()
    PersonKey.objects.bulk_create([PersonKey(person=person, text=text) for text in sorted(wanted - former)])


def reindex_organisation(organisation: Organisation) -> None:
    """Rewrite the keys of one organisation; names it bore keep finding it."""
    former = OrganisationChange.objects.filter(organisation=organisation, kind=OrganisationChange.Kind.RENAMED)
    wanted = organisation_keys(organisation=organisation, former=former.values_list("old_name", flat=True))
    OrganisationKey.objects.filter(organisation=organisation).delete()
    OrganisationKey.objects.bulk_create(
        [OrganisationKey(organisation=organisation, text=text) for text in sorted(wanted)])
