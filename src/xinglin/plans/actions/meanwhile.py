"""Notices that somebody else was faster, so that nobody overwrites what they have not seen."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import shown

from ..commitments import Change, Commitment

RECENT = 50  # how many steps back the page looks for the one who was faster


class ChangedMeanwhile(Refusal):
    """The commitment is no longer as the page showed it."""


def hold_as_seen(*, commitments: Sequence[Commitment], seen: Mapping[int, str] | None = None) -> None:
    """Lock the rows, refuse when one differs from what its page showed, and bring the given ones up to date.

    `seen` holds the stamp of each commitment as the page showed it; a commitment without one is not compared.
    """
    keys = [one.pk for one in commitments]
    kept = {one.pk: one for one in Commitment.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    for one in commitments:
        wanted = (seen or {}).get(one.pk)
        if wanted and kept[one.pk].stamp != wanted:
            raise ChangedMeanwhile(_told(kept[one.pk]), instead=_("What you typed is kept. Compare, then save again."))
    for one in commitments:
        one.refresh_from_db()


def _told(commitment: Commitment) -> str:
    for step in Change.objects.filter(plan=commitment.plan_id)[:RECENT]:
        if commitment.pk in step.after:
            return _("%(who)s changed %(no)s at %(at)s, after you opened it. It now reads: %(text)s") % {
                "who": shown([step.by])[step.by].label,
                "no": commitment.no,
                "at": timezone.localtime(step.at).strftime("%H:%M"),
                "text": commitment.text,
            }
    return _("%(no)s was changed after you opened it. It now reads: %(text)s") % {
        "no": commitment.no,
        "text": commitment.text,
    }
