"""Makes out certificates of membership and revokes them."""

from datetime import date
from secrets import token_urlsafe

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.numbering import issue_number, open_series
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.acts import act, joined, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.numbering import NumberSeries
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..answers import days_of
from ..certificates import Certificate
from ..facts import CertificateIssued, CertificateRevoked
from ..members import Member
from ..policy import may_issue_certificate, may_keep_members
from ..statuses import judge, reason
from .members import open_spell

SERIES = Code("membership.certificate")
PATTERN = "HYZ-{year}-{serial:06}"


class NotInGoodStanding(Refusal):
    """A certificate says that the fee is paid or waived."""

    regulation = "M5"


class CertifiedAlready(Refusal):
    """The member has a certificate that holds."""


class RevokedAlready(Refusal):
    """The certificate was revoked before."""


@act
@open_to("member")
def issue_certificate(*, by: Actor, on: date, member: Member) -> Certificate:
    """Make out a certificate for a membership in good standing; one holds at a time."""
    if not joined():
        require(may_issue_certificate(actor=by, member=member, on=on))
    spell = open_spell(member, on=on)
    status = judge(days_of(spell, on=on), on=on)
    if not status.good:
        raise NotInGoodStanding(reason(status))
    if other := spell.certificates.filter(revoked_on=None).first():
        raise CertifiedAlready(_("There is a certificate already, number %(number)s.") % {"number": other.number})
    if not NumberSeries.objects.filter(pk=SERIES).exists():
        open_series(by=house("membership"), on=on, code=SERIES, label="会员证", pattern=PATTERN, official=False)
    number = issue_number(by=by, on=on, code=SERIES)
    # 16 random bytes: the address of the public page cannot be guessed from a number or another address.
    row = Certificate.objects.create(spell=spell, number=number.text, key=token_urlsafe(16), issued_on=on)
    state(CertificateIssued(certificate=row.ref, member=spell.member.ref))
    return row


@act
def revoke_certificate(*, by: Actor, on: date, certificate: Certificate, why: str) -> Certificate:
    """Revoke a certificate that was lost, misused or made out in error; its public page says so from now on."""
    require(may_keep_members(actor=by))
    Member.objects.one_locked(pk=certificate.spell.member_id)
    row = Certificate.objects.select_related("spell__member").get(pk=certificate.pk)
    if row.revoked_on:
        raise RevokedAlready(_("Revoked on %(day)s already.") % {"day": row.revoked_on})
    row.revoked_on, row.revoked_for = on, why
    row.save(update_fields=["revoked_on", "revoked_for"])
    state(CertificateRevoked(certificate=row.ref, member=row.spell.member.ref, reason=why))
    return row
