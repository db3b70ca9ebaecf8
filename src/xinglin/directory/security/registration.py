"""Registers what other floors ask of accounts: actors, names of refs, sensitive fields, night work."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from xinglin.kernel import clock
from xinglin.kernel.actors import ActorSource, house
from xinglin.kernel.ports import provide
from xinglin.kernel.refs import Shown, resolves
from xinglin.kernel.scheduler import nightly
from xinglin.lib.identity import masked, masked_mobile
from xinglin.shell import landing, navigation, preferences
from xinglin.shell.context import add_script
from xinglin.shell.navigation import Entry
from xinglin.shell.tables.second_person import provide_gate

from ..accounts import Account
from ..people import IdentityDocument, Person
from ..roles import Actors
from . import policy, sensitive
from .actions.log_keeping import NothingLogged, close_log, shorten_log
from .endings import forget_endings
from .gate import SecondPerson
from .models import Tally
from .rotation import register_vault
from .sessions import sweep_sessions
from .vaults import FACTOR_SECRETS, WORDS_WAITING

provide(ActorSource, Actors())


@resolves("directory.account")
def shown_accounts(keys: list[str]) -> dict[str, Shown]:
    """Label accounts: a person's by their name, an administration's by its user name."""
    found = Account.objects.filter(pk__in=[one for one in keys if one.isdigit()]).select_related("person")
    return {
        str(one.pk): Shown(
            label=one.person.name if one.person and not one.administers else one.username,
            url=f"/security/accounts/{one.pk}/",
        )
        for one in found
    }


def keep_preference(account: Account, name: str, value: str) -> None:
    """Keep language and theme with the account, so that they follow it to another machine."""
    field = {"django_language": "language", "language": "language", "theme": "theme", "x_theme": "theme"}.get(name)
    if field and isinstance(account, Account) and len(value) <= 10:
        setattr(account, field, value)
        account.save(update_fields=[field])


preferences.kept_by(keep_preference)

sensitive.register(
    kind="directory.person", name="mobile", label=_("Mobile number"),
    read=lambda key: Person.objects.get(pk=key).mobile, mask=lambda value: masked_mobile(number=value),
)  # fmt: skip
sensitive.register(
    kind="directory.document", name="number", label=_("Identity number"),
    read=lambda key: IdentityDocument.objects.get(pk=key).number, mask=lambda value: masked(number=value),
)  # fmt: skip

provide_gate(SecondPerson())
add_script("security/idle.js")
landing.sign_in_with("security/landing_sign_in.html")
register_vault(FACTOR_SECRETS)
register_vault(WORDS_WAITING)

for entry in (
    Entry(section="system", label=_("Accounts"), icon="users", url_name="security:accounts", order=60,
          when=lambda actor: bool(policy.may_see_accounts(actor=actor))),
    Entry(section="system", label=_("Administrations"), icon="shield-check", url_name="security:grants", order=61,
          when=lambda actor: bool(policy.may_see_grants(actor=actor))),
    Entry(section="system", label=_("Security log"), icon="list-search", url_name="security:log", order=62,
          when=lambda actor: bool(policy.may_see_log(actor=actor))),
    Entry(section="system", label=_("What was done"), icon="history", url_name="security:acts", order=63,
          when=lambda actor: bool(policy.may_see_log(actor=actor))),
    Entry(section="system", label=_("Sensitive exports"), icon="file-export", url_name="security:exports", order=64,
          when=lambda actor: bool(policy.may_see_exports(actor=actor))),
    Entry(section="system", label=_("Security rules"), icon="lock", url_name="security:rules", order=65,
          when=lambda actor: bool(policy.may_see_settings(actor=actor))),
):  # fmt: skip
    navigation.register(entry)
navigation.register_account(
    Entry(section="system", label=_("My security"), icon="shield-lock", url_name="security:mine", order=10)
)


@nightly("security.log_keeping", at="00:20")
def keep_log(*, on: date) -> None:
    """Seal yesterday's security log into the ledger, drop what is past its time, sweep old tallies and notes."""
    by = house("security_log")
    for one in (lambda: close_log(by=by, on=on, day=on - timedelta(days=1)), lambda: shorten_log(by=by, on=on)):
        try:
            one()
        except NothingLogged:
            continue  # a quiet day has nothing to say
    Tally.objects.filter(until_at__lt=int(clock.now().timestamp()) - 86400).delete()
    forget_endings()
    sweep_sessions()
