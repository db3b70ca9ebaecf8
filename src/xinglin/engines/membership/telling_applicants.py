"""Tells applicants, who have no account, by the e-mail or mobile number they gave."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from xinglin.directory.people import Person
from xinglin.directory.security.rates import count, rates
from xinglin.directory.telling import tell
from xinglin.kernel.notices import notify
from xinglin.kernel.notices.models import Notice

from .addressees import people_of
from .applicants import member_of
from .applications import Application, Draft, Recommendation, State

ASKED = "membership_recommendation"
BY_APPLICANT = (State.SUBMITTED, State.PASSED, State.WITHDRAWN)  # what somebody from the street can bring about


def address(name: str, *arguments: object) -> str:
    """Return the full address of a page, for letters."""
    return f"{settings.XINGLIN_URL}{reverse(f'membership:{name}', args=arguments)}"


def tell_applicant(application: Application) -> None:
    """Tell where an application stands now, and where to look.

    Nobody has proved that the address is theirs: what a stranger can bring about is told so many times a day only.
    """
    if application.state in BY_APPLICANT and not _within("apply_told", application.email or application.mobile):
        return
    with translation.override(settings.LANGUAGE_CODE):
        abandoned = application.state == State.WITHDRAWN and application.reason
        words = (_abandoned if abandoned else _WORDS[State(application.state)])() % {
            "name": application.name, "reason": application.reason, "url": address("apply", application.key),
            "number": application.member.number if application.member else ""}
        subject = _("Your application for membership: %(state)s") % {"state": application.get_state_display()}
    _send(email=application.email, mobile=application.mobile, subject=subject, words=words)


def tell_known(application: Application, *, on: date) -> None:
    """Write to whom the house knows by this number: the member, and whoever applied with it and is known to the house.

    The page tells a visitor nothing of them; they learn that somebody, perhaps themselves, has applied. Once in a
    while only, and nobody at an address that a visitor typed: else strangers could have anybody written to.
    """
    spell = member_of(application.person or application.unit, on=on)
    known = people_of(spell.member, on=on) if spell else []
    others = Application.objects.open().filter(holder=application.holder, proof_index__matches=application.proof)
    others = others.exclude(pk=application.pk).filter(~Q(account="") | Q(state=State.VERIFIED))
    if not (known or others) or not _within("apply_known", application.proof):
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("An application with your number was handed in")
        for person in Person.objects.filter(pk__in=[one.key for one in known]):
            words = _("Somebody has applied for membership with your number. You are a member already, number "
                      "%(number)s: %(url)s\nIf it was not you, call the office.") % {
                "number": spell.member.number, "url": f"{settings.XINGLIN_URL}{reverse('membership:mine')}"}
            _send(email=person.email, mobile=person.mobile, subject=subject, words=words)
        for one in others:
            words = _("An application with your number was handed in once more. Yours goes on here: %(url)s\n"
                      "If the other is not yours, call the office.") % {"url": address("apply", one.key)}
            _send(email=one.email, mobile=one.mobile, subject=subject, words=words)


def tell_declined(recommendation: Recommendation) -> None:
    """Tell an applicant that a member does not recommend them, so that they can name another."""
    application = recommendation.application
    with translation.override(settings.LANGUAGE_CODE):
        words = _("The member %(number)s does not recommend you. Name another: %(url)s") % {
            "number": recommendation.member.number, "url": address("apply", application.key)}
        subject = _("Your application for membership: a recommender declined")
    _send(email=application.email, mobile=application.mobile, subject=subject, words=words)


def send_link(*, draft: Draft, email: str) -> None:
    """Send the address under which a draft goes on."""
    with translation.override(settings.LANGUAGE_CODE):
        words = _("Go on with your application here: %(url)s\nWhoever has this address can open it; keep it to "
                  "yourself.") % {"url": address("apply", draft.key)}
        subject = _("Your application for membership: go on with it")
    tell(email=email, subject=subject, words=words)


def ask_recommender(recommendation: Recommendation) -> None:
    """Ask a member by notice and e-mail whether they recommend the applicant."""
    application, member = recommendation.application, recommendation.member
    notify(to=member.person.ref, template=ASKED, key=f"{recommendation.pk}", about=recommendation.ref, context={
        "name": application.name, "address": address("recommend", recommendation.key)})


def untell_recommenders(recommendations: Iterable[Recommendation]) -> None:
    """Take the notices about these recommendations back, which name the applicant; called within an act."""
    Notice.objects.filter(about__in=[one.ref for one in recommendations]).delete()


def _within(name: str, whom: str) -> bool:
    """Count one more against the rates of a name and say whether all of them allow it."""
    counted = [count(rate=one, whom=whom) <= one.times for one in rates(name)] if whom else []
    return all(counted)


def _send(*, email: str, mobile: str, subject: str, words: str) -> None:
    tell(email=email, mobile="" if email else mobile, subject=subject, words=words)


def _abandoned() -> str:
    return _("Your application has been withdrawn: %(reason)s\nYou may apply again at any time: %(url)s")


_WORDS = {
    State.SUBMITTED: lambda: _("We have your application. Where it stands: %(url)s"),
    State.RETURNED: lambda: _("Your application needs correcting: %(reason)s\nCorrect it here: %(url)s"),
    State.PASSED: lambda: _("The office is checking your application. Where it stands: %(url)s"),
    State.VERIFIED: lambda: _("Your application waits for the standing council. Where it stands: %(url)s"),
    State.APPROVED: lambda: _("%(name)s, you are a member now; your number is %(number)s. What comes next: %(url)s"),
    State.REFUSED: lambda: _("Your application was not approved: %(reason)s\nMore: %(url)s"),
    State.WITHDRAWN: lambda: _("Your application has been withdrawn. You may apply again at any time: %(url)s"),
}
