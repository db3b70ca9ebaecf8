"""Lets a member answer whether they recommend an applicant."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import Refusal

from ..answers import status_of
from ..applicants import applicant, born_by
from ..applications import OVER, Recommendation
from ..facts import RecommendationAnswered
from ..refusals import AnsweredAlready
from ..telling_applicants import tell_declined


class NoLongerAsked(Refusal):
    """The application was decided or withdrawn meanwhile."""


class OwnApplication(Refusal):
    """The application is the member's own who was asked, for all that is known."""

    regulation = "M1.recommenders"
    instead = _("If you have not applied, call the office.")


class MayNotRecommend(Refusal):
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
        raise OwnApplication(_("This application bears your own identity number or mobile number; nobody recommends "
                               "themselves."))
    if vouched and _may_be_applicant(row):
        raise OwnApplication(_("This application bears your name, and the register knows no document of yours that "
                               "tells you apart; nobody recommends themselves."))
    status = status_of(row.member, on=on)
    if vouched and (status is None or not status.good):
        raise MayNotRecommend(_("Only members in good standing recommend; your fee is not paid."))
    row.answered_on, row.vouched = on, vouched
    row.save(update_fields=["answered_on", "vouched"])
    state(RecommendationAnswered(application=row.application.ref, member=row.member.ref, vouched=vouched))
    if not vouched:
        tell_declined(row)
    return row


def _is_applicant(row: Recommendation) -> bool:
    application, person = row.application, row.member.person
    if application.person_id == person.pk or (application.mobile and application.mobile == person.mobile):
        return True
    return bool(person.documents.filter(number_index__matches=application.proof).exists())


def _may_be_applicant(row: Recommendation) -> bool:
    """Say whether the member bears the applicant's name, and neither document nor birthday tells them apart."""
    if row.application.name.replace(" ", "") != row.member.name.replace(" ", ""):
        return False
    one, person = applicant(row.application), row.member.person
    born = born_by(one.number) if one.proof.kind == "resident_id" else one.answers.get("born_on")
    if born and person.born_on and born != person.born_on:
        return False
    return not person.documents.filter(kind=one.proof.kind, country=one.proof.country).exists()
