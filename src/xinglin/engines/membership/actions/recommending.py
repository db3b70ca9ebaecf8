"""Lets a member answer whether they recommend an applicant."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.directory.people import IdentityDocument
from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal

from ..answers import status_of
from ..applications import OVER, Recommendation
from ..facts import RecommendationAnswered
from ..telling_applicants import tell_declined


class AnsweredAlready(Refusal):
    """The member has answered."""


class NoLongerAsked(Refusal):
    """The application was decided or withdrawn meanwhile."""


class OwnApplication(Refusal):
    """The application bears the identity number of the member who was asked."""

    regulation = "M1.recommenders"
    instead = _("If you have not applied, call the office.")


class NotInGoodStanding(Refusal):
    """Only members in good standing recommend."""

    regulation = "M1.recommenders"


@act
@open_to("member")
def answer_recommendation(*, by: Actor, on: date, key: str, vouched: bool) -> Recommendation:
    """Vouch for an applicant or decline; the bearer of the key is the member who was asked."""
    row = Recommendation.objects.of_key_locked(key)
    if row.answered_on:
        raise AnsweredAlready(_("You answered on %(day)s.") % {"day": row.answered_on})
    if row.application.state in OVER:
        raise NoLongerAsked(_("The application is decided or withdrawn; no answer is needed any more."))
    if vouched and _is_applicant(row):
        raise OwnApplication(_("This application bears your own identity number; nobody recommends themselves."))
    status = status_of(row.member, on=on)
    if vouched and (status is None or not status.good):
        raise NotInGoodStanding(_("Only members in good standing recommend; your fee is not paid."))
    row.answered_on, row.vouched = on, vouched
    row.save(update_fields=["answered_on", "vouched"])
    state(RecommendationAnswered(application=row.application.ref, member=row.member.ref, vouched=vouched))
    if not vouched:
        tell_declined(row)
    return row


def _is_applicant(row: Recommendation) -> bool:
    documents = IdentityDocument.objects.filter(person=row.member.person_id)
    return documents.filter(number_index__matches=row.application.proof).exists()
