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
from xinglin.kernel.refs import Code, Ref

from ..certificates import Certificate
from ..certifying import words_of
from ..credits import Award
from ..facts import CertificateIssued, CertificateRevoked
from ..policy import may_keep, may_take_paper

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
    return _write(by, on, award)


@act
def issue_certificates(*, by: Actor, on: date, awards: Sequence[Award]) -> list[Certificate]:
    """Make out the certificates of many awards that have none yet."""
    require(may_keep(actor=by, on=on))
    held = _locked([one.pk for one in awards])
    have = set(Certificate.objects.filter(award__in=held, revoked_on=None).values_list("award", flat=True))
    papers = [_write(by, on, _standing(award)) for award in held if award.pk not in have]
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
    old.replaced_by = paper = _write(by, on, award, replaces=old.ref)
    old.save(update_fields=["replaced_by"])
    return paper


@act
def revoke_certificate(*, by: Actor, on: date, certificate: Certificate, reason: str) -> Certificate:
    """Revoke a certificate; its public page says so from now on. The credits stay, unless they are taken back too."""
    require(may_keep(actor=by, on=on))
    _locked([certificate.award_id])
    row = Certificate.objects.select_related("award__person").get(pk=certificate.pk)
    if row.revoked_on:
        raise NotInForce(_("It was revoked on %(day)s.") % {"day": row.revoked_on})
    row.revoked_on, row.revoked_for = on, reason
    row.save(update_fields=["revoked_on", "revoked_for"])
    state(CertificateRevoked(paper=row.ref, person=row.award.person.ref, reason=reason))
    return row


def _locked(keys: Sequence[int]) -> list[Award]:
    """Lock awards in the order of their keys and return them: two clerks, or two tabs, meet here."""
    rows = Award.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return list(rows.select_related("person", "project", "claim").prefetch_related("person__documents"))


def _standing(row: Award) -> Award:
    if row.revoked_on:
        raise NoCredits(_("These credits were taken back on %(day)s.") % {"day": row.revoked_on})
    return row


def _held(award: Award) -> Award:
    """Lock and return an award that stands (NoCredits)."""
    [row] = _locked([award.pk])
    return _standing(row)


def _document(award: Award) -> str:
    first = min(award.person.documents.all(), key=lambda one: one.pk, default=None)
    return first.masked if first else ""


def _write(by: Actor, on: date, award: Award, *, replaces: Ref | None = None) -> Certificate:
    """Make out a paper in the words of today, and state what it says."""
    if not NumberSeries.objects.filter(pk=SERIES).exists():
        open_series(by=house("learning"), on=on, code=SERIES, label="学分证书", pattern=PATTERN, official=False)
    number = issue_number(by=by, on=on, code=SERIES)
    paper = Certificate(award=award, number=number.text, name=award.person.name, document_masked=_document(award),
                        issued_on=on)
    paper.code = words_of(paper)
    paper.save()
    state(CertificateIssued(
        paper=paper.ref, award=award.ref, person=award.person.ref, replaces=replaces, number=paper.number,
        code=paper.code, name=paper.name, document=paper.document_masked))
    return paper
