"""All tables of the directory, gathered for Django."""

from .accounts import Account
from .bank_accounts import BankAccount
from .imports import AddedRow, Batch, KnownMapping, RejectedRow
from .merges import Distinct, Merge
from .organisations import Organisation, OrganisationChange, OrganisationKey
from .people import Employment, IdentityDocument, Licence, Person, PersonKey, PersonSpecialty, PersonTitle
from .posts import Post, Term

__all__ = [
    "Account", "AddedRow", "BankAccount", "Batch", "Distinct", "Employment", "IdentityDocument", "KnownMapping",
    "Licence", "Merge", "Organisation", "OrganisationChange", "OrganisationKey", "Person", "PersonKey",
    "PersonSpecialty", "PersonTitle", "Post", "RejectedRow", "Term",
]
