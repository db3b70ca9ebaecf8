"""Acts on people: register, correct, record documents, titles, licences and specialties, withdraw."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from xinglin.kernel.actors import Actor
from xinglin.kernel.acts import act, state
from xinglin.kernel.confinement import open_to
from xinglin.kernel.policy import require
from xinglin.kernel.refs import Code, Ref
from xinglin.lib.identity import masked_mobile

from .. import checks, lists, policy
from ..checks import Proof, Proven
from ..facts import EntryWithdrawn, PersonCorrected, PersonRegistered
from ..finding import organisation_of, person_of
from ..indexing import described, reindex_person
from ..people import Employment, IdentityDocument, Licence, Person, PersonSpecialty, PersonTitle
from ..references import referring
from ..refusals import IdentityNumberTaken, InUse, NotFound, NothingChanged
from ..telling import tell_replaced


@act
def register_person(
    *, by: Actor, on: date, name: str, sex: str = "", born_on: date | None = None, mobile: str = "", email: str = "",
    proof: Proof | None = None, organisation: Ref | None = None, department: str = "", position: str = "",
    title: str = "", remark: str = "",
) -> Ref:
    """Enter somebody in the directory, with one document and the unit they work for; return the person's ref."""
    require(policy.may_register_person(actor=by))
    proven = _free_proof(proof, on=on)
    sex = checks.checked_sex(sex)
    if proven:
        checks.require_agreement(proven, born_on=born_on, sex=sex)
        born_on, sex = born_on or proven.born_on, sex or proven.sex
    number = checks.checked_mobile(mobile)
    code = checks.checked_code(title, among=lists.professional_titles, field="title")
    unit = organisation_of(organisation) if organisation else None
    person = described(Person(
        name=checks.checked_name(name), sex=sex, born_on=born_on, mobile=number, registered_on=on, remark=remark,
        mobile_masked=masked_mobile(number=number) if number else "", email=checks.checked_email(email)))
    person.save()
    if proven:
        _write_document(person, proven)
    if code:
        PersonTitle(person=person, title=code).save()
    if unit:
        Employment(person=person, organisation=unit, department=department, position=position).save()
    reindex_person(person)
    state(PersonRegistered(person=person.ref, organisation=unit.ref if unit else None))
    return person.ref


def _free_proof(proof: Proof | None, *, on: date, person: Person | None = None) -> Proven | None:
    """Check a document and that its number is nobody else's (IdentityNumberTaken)."""
    if proof is None or not proof.number.strip():
        return None
    proven = checks.checked_proof(proof, on=on)
    holder = (IdentityDocument.objects.select_related("person")
              .filter(kind=proven.kind, country=proven.country, number_index__matches=proven.number).first())
    if holder and holder.person != person:
        raise IdentityNumberTaken(_("This number belongs to %(name)s, who is in the directory already.") % {
            "name": holder.person.name}, person=holder.person.ref)
    return proven


def _write_document(person: Person, proven: Proven, until_on: date | None = None) -> IdentityDocument:
    document = IdentityDocument(person=person, kind=proven.kind, country=proven.country, number=proven.number,
                                masked=proven.masked, until_on=until_on)
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:  # somebody else entered the number since it was looked for
        raise IdentityNumberTaken(_("Somebody with this number was entered just now.")) from None
    return document


@act
@open_to("member")
def correct_person(
    *, by: Actor, on: date, person: Ref, name: str | None = None, sex: str | None = None, born_on: date | None = None,
    mobile: str | None = None, email: str | None = None, remark: str | None = None,
) -> None:
    """Put right what the directory says about somebody; None leaves a field as it is."""
    row = person_of(person, locked=True)
    said = {
        "name": None if name is None else checks.checked_name(name),
        "sex": None if sex is None else checks.checked_sex(sex),
        "born_on": born_on,
        "mobile": None if mobile is None else checks.checked_mobile(mobile),
        "email": None if email is None else checks.checked_email(email),
        "remark": remark,
    }
    changed = {field: value for field, value in said.items() if value is not None and value != getattr(row, field)}
    require(policy.may_correct_person(actor=by, person=row, on=on, what=frozenset(changed)))
    if not changed:
        raise NothingChanged(_("Nothing differs from what the directory says already."))
    for way in ("mobile", "email"):
        if way in changed and (old := getattr(row, way)):
            tell_replaced(**{way: old})
    for field, value in changed.items():
        setattr(row, field, value)
    for document in row.documents.all():
        checks.require_agreement(checks.checked_proof(Proof(number=document.number, kind=document.kind), on=on),
                                 born_on=row.born_on, sex=row.sex)
    row.mobile_masked = masked_mobile(number=row.mobile) if row.mobile else ""
    described(row).save()
    reindex_person(row)
    state(PersonCorrected(person=row.ref, what=_codes(changed)))


def _codes(names: object) -> tuple[Code, ...]:
    return tuple(Code(one) for one in sorted(names))  # type: ignore[call-overload]


@act
def record_document(*, by: Actor, on: date, person: Ref, proof: Proof, until_on: date | None = None) -> None:
    """Record a document of somebody; an earlier one of the same kind is replaced."""
    row = person_of(person, locked=True)
    require(policy.may_correct_person(actor=by, person=row, on=on, what=frozenset({"document"})))
    proven = _free_proof(proof, on=on, person=row)
    if proven is None:
        raise NotFound(_("Enter the number of the document."), field="number")
    checks.require_agreement(proven, born_on=row.born_on, sex=row.sex)
    row.documents.filter(kind=proven.kind, country=proven.country).delete()
    _write_document(row, proven, until_on)
    if not row.born_on and proven.born_on:
        row.born_on, row.sex = proven.born_on, row.sex or proven.sex
        row.save()
    reindex_person(row)
    state(PersonCorrected(person=row.ref, what=(Code("document"),)))


@act
def record_title(*, by: Actor, on: date, person: Ref, title: str, obtained_on: date | None = None) -> None:
    """Record a professional title of somebody and since when it is held."""
    row = person_of(person, locked=True)
    require(policy.may_correct_person(actor=by, person=row, on=on))
    code = checks.checked_code(title, among=lists.professional_titles, field="title")
    if not code:
        raise NotFound(_("Choose the title."), field="title")
    PersonTitle.objects.update_or_create(person=row, title=code, defaults={"obtained_on": obtained_on})
    state(PersonCorrected(person=row.ref, what=(Code("title"),)))


@act
def record_licence(
    *, by: Actor, on: date, person: Ref, kind: str = Licence.Kind.PRACTICE, number: str = "", scope: str = "",
    region: str = "", from_on: date | None = None, until_on: date | None = None,
) -> None:
    """Record a physician's certificate; an odd number is kept, the page warns about it (M7)."""
    row = person_of(person, locked=True)
    require(policy.may_correct_person(actor=by, person=row, on=on))
    checks.require_span(from_on=from_on, until_on=until_on)
    clean = "".join(number.split()).upper()
    row.licences.filter(kind=kind).delete()
    Licence(person=row, kind=kind, number=clean, masked=f"{clean[:3]}********{clean[-4:]}" if len(clean) > 7 else "",
            scope=scope, region=checks.checked_region(region), from_on=from_on, until_on=until_on).save()
    state(PersonCorrected(person=row.ref, what=(Code("licence"),)))


@act
@open_to("member")
def choose_specialties(*, by: Actor, on: date, person: Ref, codes: Sequence[str], main: str = "") -> None:
    """Set what somebody works on; the first is the main specialty unless another is named."""
    row = person_of(person, locked=True)
    require(policy.may_correct_person(actor=by, person=row, on=on, what=frozenset({"specialties"})))
    known = [checks.checked_code(code, among=lists.specialties, field="specialties") for code in codes]
    first = checks.checked_code(main, among=lists.specialties, field="main") or (known[0] if known else "")
    row.specialties.all().delete()
    PersonSpecialty.objects.bulk_create([
        PersonSpecialty(person=row, code=code, main=code == first) for code in dict.fromkeys(known)])
    state(PersonCorrected(person=row.ref, what=(Code("specialties"),)))


@act
def withdraw_person(*, by: Actor, on: date, person: Ref) -> None:
    """Take out somebody entered by mistake; refused when any other record refers to them (InUse)."""
    row = person_of(person, locked=True)
    require(policy.may_merge_people(actor=by))
    if where := referring(rows=[row])[row.pk]:
        raise InUse(_("%(name)s is named elsewhere: %(where)s.") % {"name": row.name, "where": "、".join(where)})
    state(EntryWithdrawn(entry=row.ref))
    row.delete()


