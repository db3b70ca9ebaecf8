"""The page of the collecting account: which one bills name, since when, and naming another."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xinglin.directory import answers
from xinglin.directory.actions.bank_accounts import name_bank_account
from xinglin.directory.models import BankAccount
from xinglin.directory.policy import may_name_bank_account
from xinglin.kernel import clock
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import DateField, Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..policy import may_see_fees


class AccountForm(Form):
    """The account into which the association collects."""

    holder = forms.CharField(label=_("Account name"), max_length=120)
    bank = forms.CharField(label=_("Bank and branch"), max_length=120)
    number = forms.CharField(label=_("Account number"), max_length=50)
    from_on = DateField(label=_("In use from"))


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Show the collecting account with those before it, and name another."""
    actor, on = actor_of(request), clock.today()
    allow(may_see_fees(actor=actor))
    ours = answers.association(on=on)
    form = AccountForm(request.POST or None, initial={"holder": ours.name if ours else "", "from_on": on})
    if form.is_valid() and perform(request, name_bank_account, form, **form.cleaned_data).ok:
        return done(request, _("The collecting account is named."), reverse("membership:account"))
    return render(request, "membership/account.html", {
        "form": form, "account": answers.collecting_account(on=on), "rows": BankAccount.objects.counting(), "on": on,
        "may_name": may_name_bank_account(actor=actor)}, status=422 if form.failed else 200)
