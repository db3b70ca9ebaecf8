"""Makes out certificates of credits, replaces them when a word changed, and revokes them."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actions.numbering import issue_number, open_series
from xinglin.kernel.actors import Actor, house
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.numbering import NumberSeries
from xinglin.kernel.policy import Refusal, require
from xinglin.kernel.refs import Code

from ..certificates import Certificate
from ..certifying import words_of
from ..credits import Award
from ..facts import CertificateIssued, CertificateRevoked
from ..policy import may_keep, may_take_paper
from ..projects import Project

SERIES = Code("learning.certificate")
PATTERN = "XFZ-{year}-{serial:06}"


class NoCredits(Refusal):
    """A certificate proves credits; there are none, or they were taken back."""

    regulation = "E4.report_days"


class PaperThere(Refusal):
    """A certificate that holds exists for these credits."""


class NotInForce(Refusal):
    """The certificate was revoked before."""


class NothingNew(Refusal):
    """The certificate says what it would say today."""


@act
@open_to("member")
def issue_certificate(*, by: Actor, on: date, award: Award) -> Certificate:
    """Make out the certificate of an award, in the words of today; one holds at a time."""
    award = _held(award)
    require(may_take_paper(actor=by, award=award, on=on))
    if other := award.certificates.filter(revoked_on=None).first():
        raise PaperThere(_("These credits have certificate %(number)s already.") % {"number": other.number})
    paper = _write(by, on, award)
    state(CertificateIssued(paper=paper.ref, award=award.ref, person=award.person.ref))
    return paper


@act
def issue_certificates(*, by: Actor, on: date, awards: Sequence[Award]) -> list[Certificate]:
    """Make out the certificates of many awards that have none yet."""
    require(may_keep(actor=by, on=on))
    have = set(Certificate.objects.filter(award__in=awards, revoked_on=None).values_list("award", flat=True))
    papers = []
    for one in awards:
        if one.pk not in have:
            award = _held(one)
            papers.append(_write(by, on, award))
            state(CertificateIssued(paper=papers[-1].ref, award=award.ref, person=award.person.ref))
    if not papers:
        raise PaperThere(_("All of these have their certificate."))
    return papers


@act
@open_to("member")
def replace_certificate(*, by: Actor, on: date, certificate: Certificate, reason: str = "") -> Certificate:
    """Make out another in place of one that says a name of old; the earlier one leads to “replaced”."""
    award = _held(certificate.award)
    require(may_take_paper(actor=by, award=award, on=on))
    old = Certificate.objects.get(pk=certificate.pk)
    if old.revoked_on:
        raise NotInForce(_("It was revoked on %(day)s.") % {"day": old.revoked_on})
    if (old.name, old.document_masked) == (award.person.name, _document(award)):
        raise NothingNew(_("Name and document are as they were. A lost paper is printed again."))
    old.revoked_on, old.revoked_for = on, reason
    old.save(update_fields=["revoked_on", "revoked_for"])
    state(CertificateRevoked(paper=old.ref, person=award.person.ref, reason=reason))
    paper = _write(by, on, award)
    old.replaced_by = paper
    old.save(update_fields=["replaced_by"])
    state(CertificateIssued(paper=paper.ref, award=award.ref, person=award.person.ref, replaces=old.ref))
    return paper


@act
def revoke_certificate(*, by: Actor, on: date, certificate: Certificate, reason: str) -> Certificate:
    """Revoke a certificate; its public page says so from now on. The credits stay, unless they are taken back too."""
    require(may_keep(actor=by, on=on))
    _lock(certificate.award)
    row = Certificate.objects.select_related("award__person").get(pk=certificate.pk)
    if row.revoked_on:
        raise NotInForce(_("It was revoked on %(day)s.") % {"day": row.revoked_on})
    row.revoked_on, row.revoked_for = on, reason
    row.save(update_fields=["revoked_on", "revoked_for"])
    state(CertificateRevoked(paper=row.ref, person=row.award.person.ref, reason=reason))
    return row


def _lock(award: Award) -> None:
    if award.project_id:
        Project.objects.one_locked(pk=award.project_id)


def _held(award: Award) -> Award:
    """Lock and return an award that stands (NoCredits)."""
    _lock(award)
    row = Award.objects.select_related("person", "project", "claim").get(pk=award.pk)
    if row.revoked_on:
        raise NoCredits(_("These credits were taken back on %(day)s.") % {"day": row.revoked_on})
    return row


def _document(award: Award) -> str:
    first = award.person.documents.order_by("pk").first()
    return first.masked if first else ""


def _write(by: Actor, on: date, award: Award) -> Certificate:
    if not NumberSeries.objects.filter(pk=SERIES).exists():
        open_series(by=house("learning"), on=on, code=SERIES, label="学分证书", pattern=PATTERN, official=False)
    number = issue_number(by=by, on=on, code=SERIES)
    paper = Certificate(award=award, number=number.text, name=award.person.name, document_masked=_document(award),
                        issued_on=on)
    paper.code = words_of(paper)
    paper.save()
    return paper
