"""First sign-in: a person on the register proves who they are and gets an account."""

from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from xinglin.kernel.actors import house
from xinglin.kernel.policy import Refusal
from xinglin.kernel.regulations import value

from ..accounts import Account
from ..checks import Proof, checked_proof
from ..facts import PersonCorrected
from ..people import IdentityDocument, Person
from ..policy import IDENTIFYING
from ..references import facts_about
from ..telling import tell
from . import codes, log
from .actions.accounts import activate_account, open_account
from .actions.passwords import change_password
from .rates import demand

PURPOSE = "activation"


class WrongCode(Refusal):
    """The code is wrong, spent or too old."""

    field = "code"


def begin(*, request: HttpRequest, on: date, kind: str, number: str, name: str) -> None:
    """Send a code to the mobile or e-mail on the register; a stranger sees no difference (TooOften)."""
    document = _document(kind, number, on)
    demand(request=request, name="activate_number", key=document)
    person = _person(kind, document, name)
    if person is None or not (person.mobile or person.email) or not _is_awaited(person):
        _pretend(request)
    elif changed_on := _changed_on(person, on):
        _pretend(request)
        opens_on = changed_on + timedelta(days=int(value("SE8.days", on=on)))
        tell(mobile=person.mobile, email=person.email, subject=_("Your first sign-in"), words=_(
            "Your document or address on the register was changed lately. Your first sign-in opens on %(day)s."
        ) % {"day": opens_on})  # fmt: skip
    else:
        way = "mobile" if person.mobile else "email"
        code = codes.issue(request=request, purpose=PURPOSE, carries=f"{person.pk}:{way}:{getattr(person, way)}")
        log.record(kind="code_sent", request=request, account=str(person.ref), detail="activation")
        codes.send_code(code=code, **{way: getattr(person, way)})


def _pretend(request: HttpRequest) -> None:
    log.record(kind="recovery_asked", request=request, detail="activation refused")
    codes.pretend(request=request, purpose=PURPOSE)
    codes.send_code(code="")


def _document(kind: str, number: str, on: date) -> str:
    """Return the number as the register keeps it; what is no number stays as it was typed and finds nobody."""
    try:
        return checked_proof(Proof(kind=kind, number=number), on=on).number
    except Refusal:
        return number


def _person(kind: str, number: str, name: str) -> Person | None:
    found = IdentityDocument.objects.filter(kind=kind, number_index__matches=number, person__merged_into=None)
    same = [one.person for one in found.select_related("person") if _same(one.person.name, name)]
    return same[0] if len(same) == 1 else None  # passports of two countries may bear one number


def _changed_on(person: Person, on: date) -> date | None:
    """Return when a clerk last changed what activation rests on, within the days of waiting (SE8)."""
    since = on - timedelta(days=int(value("SE8.days", on=on)))
    said = facts_about(one=person.ref, type_=PersonCorrected.TYPE)
    return max((day for day, body in said if day > since and IDENTIFYING & set(body["what"])), default=None)


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _waiting(person: Person) -> Account | None:
    """Return the account opened for somebody that nobody has used yet, their personal one first."""
    return Account.objects.filter(person=person, activated_on=None).order_by("-purpose", "pk").first()


def _is_awaited(person: Person) -> bool:
    held = Account.objects.filter(person=person, purpose=Account.Purpose.PERSON)
    return _waiting(person) is not None or not held.exists()


@transaction.atomic
def finish(*, request: HttpRequest, on: date, code: str, username: str, password: str) -> Account:
    """Open and activate the account; the number or address the code went to becomes the account's."""
    carried = codes.redeem(request=request, purpose=PURPOSE, code=code)
    if carried is None:
        raise WrongCode(_("This code is wrong or too old."), instead=_("Ask for a new one."))
    key, way, proved = carried.split(":", 2)
    by, person = house("activation"), Person.objects.get(pk=key)
    try:
        with transaction.atomic():
            account = _waiting(person) or open_account(by=by, on=on, username=username, person=person)
            change_password(by=by, on=on, account=account, password=password, way="activation")
            activate_account(
                by=by, on=on, account=account, way="document_and_code", **_free(account, way, proved)
            )  # fmt: skip
    except Refusal:
        # A weak password or a taken name: the code stays proved, so that nobody has to ask for another.
        codes.keep(request=request, purpose=PURPOSE, carries=carried, code=code)
        raise
    return account


def _free(account: Account, way: str, proved: str) -> dict[str, str]:
    """Return the proved address unless another account has it: two who share a telephone, or a second account."""
    others = Account.objects.exclude(pk=account.pk)
    held = others.filter(mobile_index__matches=proved) if way == "mobile" else others.filter(email__iexact=proved)
    return {} if held.exists() else {way: proved}
