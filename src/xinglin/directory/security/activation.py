"""First sign-in: a person on the register proves who they are and gets an account."""

from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from xinglin.kernel.actors import house
from xinglin.kernel.policy import Refusal

from ..accounts import Account
from ..people import IdentityDocument, Person
from . import codes, log
from .actions.accounts import activate_account, open_account
from .actions.passwords import change_password

PURPOSE = "activation"


class WrongCode(Refusal):
    """The code is wrong, spent or too old."""

    field = "code"


def begin(*, request: HttpRequest, kind: str, number: str, name: str) -> None:
    """Send a code to the mobile or e-mail on the register; a stranger sees no difference."""
    person = _person(kind, number, name)
    if person is None or not (person.mobile or person.email) or _has_account(person):
        log.record(kind="recovery_asked", request=request, detail="activation refused")
        codes.pretend(request=request, purpose=PURPOSE)
        return
    code = codes.issue(request=request, purpose=PURPOSE, carries=str(person.pk))
    log.record(kind="code_sent", request=request, account=str(person.ref), detail="activation")
    if person.mobile:
        codes.send_text(mobile=person.mobile, code=code)
    else:
        codes.send_letter(email=person.email, code=code)


def _person(kind: str, number: str, name: str) -> Person | None:
    found = IdentityDocument.objects.filter(kind=kind, number_index__matches=number, person__merged_into=None)
    one = found.select_related("person").first()
    return one.person if one is not None and _same(one.person.name, name) else None


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _has_account(person: Person) -> bool:
    return Account.objects.filter(person=person, purpose=Account.Purpose.PERSON, activated_on__isnull=False).exists()


@transaction.atomic
def finish(*, request: HttpRequest, on: date, code: str, username: str, password: str) -> Account:
    """Open and activate the account; the person's own mobile and e-mail become its addresses."""
    carried = codes.redeem(request=request, purpose=PURPOSE, code=code)
    if carried is None:
        raise WrongCode(_("This code is wrong or too old."), instead=_("Ask for a new one."))
    by, person = house("activation"), Person.objects.get(pk=carried)
    try:
        with transaction.atomic():
            account = _account(by, on, person, username)
            change_password(by=by, on=on, account=account, password=password, way="activation")
            activate_account(by=by, on=on, account=account, way="document_and_code")
    except Refusal:
        # A weak password or a taken name: the code stays proved, so that nobody has to ask for another.
        codes.keep(request=request, purpose=PURPOSE, carries=carried, code=code)
        raise
    return account


def _account(by: object, on: date, person: Person, username: str) -> Account:
    waiting = Account.objects.filter(person=person, purpose=Account.Purpose.PERSON).first()
    if waiting is not None:
        return waiting
    others = Account.objects.all()
    email = "" if others.filter(email__iexact=person.email).exists() else person.email
    mobile = person.mobile
    if mobile and others.filter(mobile_index__matches=mobile).exists():
        mobile = ""  # two people share a telephone: the second signs in by name
    return open_account(by=by, on=on, username=username, person=person, email=email, mobile=mobile)  # type: ignore[arg-type]
