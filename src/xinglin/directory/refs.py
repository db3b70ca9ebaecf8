"""What readers see of the directory's refs: names with the address of their page."""

from django.urls import NoReverseMatch, reverse

from xinglin.kernel.refs import Shown, resolves

from .bank_accounts import BankAccount
from .imports import Batch
from .lists import specialties
from .merges import Merge
from .organisations import Organisation
from .people import IdentityDocument, Person
from .posts import Post, Term


def address(name: str, key: object) -> str:
    """Return the address of a page of the directory; empty where its screens are not served."""
    try:
        return reverse(f"directory:{name}", args=[key])
    except NoReverseMatch:
        return ""


def _numbers(keys: list[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


@resolves("directory.person")
def people(keys: list[str]) -> dict[str, Shown]:
    """Name people; one who was merged away shows whom they turned out to be."""
    rows = Person.objects.filter(pk__in=_numbers(keys)).values_list("pk", "name", "merged_into", "merged_into__name")
    return {str(key): Shown(label=now_name or name, url=address("person", now or key))
            for key, name, now, now_name in rows}


@resolves("directory.organisation")
def organisations(keys: list[str]) -> dict[str, Shown]:
    """Name organisations by what they are called now."""
    rows = Organisation.objects.filter(pk__in=_numbers(keys)).values_list("pk", "short_name", "name")
    return {str(key): Shown(label=short or name, url=address("organisation", key)) for key, short, name in rows}


@resolves("directory.bank_account")
def bank_accounts(keys: list[str]) -> dict[str, Shown]:
    """Name bank accounts by bank and number."""
    rows = BankAccount.objects.filter(pk__in=_numbers(keys))
    return {str(row.pk): Shown(label=f"{row.bank} {row.number}") for row in rows}


@resolves("directory.post")
def posts(keys: list[str]) -> dict[str, Shown]:
    """Name posts with their organisation."""
    found = Post.objects.filter(pk__in=_numbers(keys)).select_related("organisation")
    return {str(one.pk): Shown(label=f"{one.organisation.label}{one.label}",
                               url=address("organisation", one.organisation_id)) for one in found}


@resolves("directory.term")
def terms(keys: list[str]) -> dict[str, Shown]:
    """Name terms by person, organisation and post."""
    found = Term.objects.filter(pk__in=_numbers(keys)).select_related("person", "post__organisation")
    return {str(one.pk): Shown(label=f"{one.person.name}　{one.post.organisation.label}{one.post.label}",
                               url=address("person", one.person_id)) for one in found}


@resolves("directory.document")
def documents(keys: list[str]) -> dict[str, Shown]:
    """Name documents by holder and kind, never by number."""
    found = IdentityDocument.objects.filter(pk__in=_numbers(keys)).select_related("person")
    return {str(one.pk): Shown(label=f"{one.person.name}　{one.get_kind_display()}",
                               url=address("person", one.person_id)) for one in found}


@resolves("directory.specialty")
def disciplines(keys: list[str]) -> dict[str, Shown]:
    """Name disciplines by their list."""
    return {key: Shown(label=specialties.label(key)) for key in keys}


@resolves("directory.merge")
def merges(keys: list[str]) -> dict[str, Shown]:
    """Name merges by the two entries."""
    found = Merge.objects.filter(pk__in=_numbers(keys)).select_related("loser", "winner")
    return {str(one.pk): Shown(label=f"{one.loser.name} → {one.winner.name}", url=address("person", one.winner_id))
            for one in found}


@resolves("directory.batch")
def batches(keys: list[str]) -> dict[str, Shown]:
    """Name imports by their file."""
    rows = Batch.objects.filter(pk__in=_numbers(keys)).values_list("pk", "file_name")
    return {str(key): Shown(label=name, url=address("batch", key)) for key, name in rows}
