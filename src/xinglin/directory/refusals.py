"""What the directory refuses, each with words for the person who asked and the rule that decides."""

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.policy import Refusal


class NameMissing(Refusal):
    """A person or organisation without a name."""

    field = "name"


class IdentityNumberWrong(Refusal):
    """The number cannot belong to a document of this kind."""

    field, regulation = "number", "M6.identity_number"
    instead = _("Compare it with the document; the last place is a digit or X.")


class IdentityNumberTaken(Refusal):
    """The number belongs to somebody else already."""

    field, regulation = "number", "M6.identity_number"
    instead = _("One number, one person: open that entry, or merge the two if they are the same.")


class IdentityContradicts(Refusal):
    """The date of birth or the sex is not the one in the identity number."""

    field, regulation = "born_on", "M6.identity_number"


class MobileWrong(Refusal):
    """The mobile number is not one of eleven digits."""

    field = "mobile"
    instead = _("Eleven digits, beginning with 13 to 19; +86 may stand in front.")


class MailWrong(Refusal):
    """The e-mail address is not one."""

    field = "email"


class UnknownCode(Refusal):
    """A code that stands in no list of the directory."""


class NotFound(Refusal):
    """Nobody and nothing bears this ref."""


class MergedAway(Refusal):
    """The entry turned out to be another person and is not changed any more."""


class EndsBeforeStart(Refusal):
    """A span that ends before, or on, the day on which it starts."""

    field = "until_on"
    instead = _("The end is the first day after; it lies later than the beginning.")


class Overlaps(Refusal):
    """The same person holds the same post, or works at the same place, at that time already."""

    field = "from_on"
    instead = _("End the earlier one first, or begin this one on the day it ends.")


class OutsideLifetime(Refusal):
    """The organisation does not exist on that day."""

    field = "from_on"


class AlreadyEnded(Refusal):
    """What is to be ended has ended."""


class CreditCodeWrong(Refusal):
    """The unified social credit code cannot be right."""

    field, regulation = "credit_code", "F4.credit_code"


class CreditCodeTaken(Refusal):
    """Another organisation bears this credit code."""

    field, regulation = "credit_code", "F4.credit_code"


class RegionUnknown(Refusal):
    """The region is not in GB/T 2260."""

    field = "region"


class PartOfItself(Refusal):
    """An organisation cannot belong to one of its own parts."""

    field = "parent"


class OursStays(Refusal):
    """Our own association would no longer be ours: moved, ended, made another kind, or displaced by another."""

    instead = _("Rename it when it bears another name.")


class StillNeeded(Refusal):
    """The organisation cannot close: parts or posts of it go on."""


class NothingChanged(Refusal):
    """Nothing differs from what the directory says already."""


class SamePerson(Refusal):
    """One entry cannot be merged with itself."""


class NumbersDiffer(Refusal):
    """Two entries hold different numbers of one lifelong document: they are two people, or one number is wrong."""

    regulation = "M6.identity_number"
    instead = _("If they are one person, correct the wrong number first; if not, say that they are two people.")


class TermsDiffer(Refusal):
    """Two entries hold one post for different, overlapping times: only somebody who knows can say which is right."""

    instead = _("Correct the days of one of the two terms, or withdraw it; then merge.")


class MergeTooOld(Refusal):
    """The merge lies too far back to be undone."""

    regulation = "DR1.merge_undo_days"
    instead = _("Register the second person anew and correct the records one by one.")


class ImportTooOld(Refusal):
    """The import lies too far back to be undone."""

    regulation = "DR6.import_undo_days"
    instead = _("Correct or withdraw the entries one by one.")


class InUse(Refusal):
    """Other records refer to the entry, so it cannot be withdrawn."""
