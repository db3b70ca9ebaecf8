"""Every staff address of the house, tried by those who must not see it."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.test_sign_in import sign_in
from xinglin.directory.security.models import LogEntry
from xinglin.kernel.ledger.models import UnsealedFact

pytestmark = pytest.mark.django_db

# Which administrations and posts may open a page of this app; everybody else is refused.
PAGES = {
    "/security/accounts/": {"system_admin", "security_admin", "audit_admin", "supervisor"},
    "/security/accounts/open/": {"system_admin"},
    "/security/grants/": {"system_admin", "security_admin", "audit_admin", "supervisor"},
    "/security/log/": {"audit_admin", "supervisor"},
    "/security/acts/": {"audit_admin", "supervisor"},
    "/security/rules/": {"system_admin", "security_admin", "audit_admin", "supervisor"},
    "/security/exports/": {"audit_admin", "supervisor", "staff", "branch_secretary"},
}
POSTS = {"supervisor": ("supervisor", "association"), "staff": ("staff", "department"),
         "branch_secretary": ("branch_secretary", "branch"), "member": ("committee_member", "branch")}  # fmt: skip


@pytest.fixture
def signed_in_as(staff, administration):
    """Return a maker of clients signed in with a role; dates are today's, so that nothing is overdue."""
    from django.utils import timezone

    from tests.security.conftest import HOUSE
    from xinglin.directory.security.actions.passwords import change_password

    def make(role):
        today = timezone.localdate()
        if role == "visitor":
            return Client()
        if role in POSTS:
            title, kind = POSTS[role]
            row = staff(username=role, title=title, kind=kind)
        else:
            row = administration(role, on=today)
        change_password(by=HOUSE, on=today, account=row, password="Plum-Rain-44")
        client = Client()
        assert sign_in(client, row.username, "Plum-Rain-44").status_code == 302
        return client

    return make


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", *POSTS])
def test_each_page_opens_for_its_readers_and_for_nobody_else(signed_in_as, role):
    client = signed_in_as(role)
    answers = {path: client.get(path).status_code for path in PAGES}
    assert answers == {path: 200 if role in readers else 403 for path, readers in PAGES.items()}


def test_a_visitor_is_asked_to_sign_in(signed_in_as):
    client = signed_in_as("visitor")
    for path in PAGES:
        answer = client.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


def test_a_refusal_says_why_and_is_recorded(signed_in_as):
    client = signed_in_as("member")
    answer = client.get("/security/log/")
    assert answer.status_code == 403 and "GB/T 22239" in answer.content.decode()
    entry = LogEntry.objects.get(kind="refused")
    assert (entry.detail, entry.account.split(":")[0]) == ("/security/log/", "directory.account")


def addresses(resolver=None, before=""):
    """Return every address without a variable part, and the others with 1 in place of each."""
    import re

    for one in (resolver or get_resolver()).url_patterns:
        text = before + str(one.pattern).lstrip("^").rstrip("$")
        if isinstance(one, URLResolver):
            yield from addresses(one, text)
        elif isinstance(one, URLPattern):
            plain = re.sub(r"<[^>]+>|\(\?P<[^>]+>[^)]*\)", "1", text)
            yield "/" + plain.replace("\\Z", "").replace("\\", ""), one


# Open by design: signing in, checking the ledger, public notices, joining and what it costs, the calendar and who
# comes, a gate's page (it knows nothing before the phone is enrolled), whether credits hold.
OPEN = ("/account/", "/ledger/", "/static/", "/api/", "/notices/", "/verify/", "/open/", "/health", "/regulations/",
        "/members/apply/", "/members/fees/standard/", "/events/calendar", "/events/visitor/", "/events/door/",
        "/learning/verify/", "/learning/badges/")


def test_no_staff_address_of_the_house_answers_a_visitor():
    shown = []
    client = Client(raise_request_exception=False)
    for path, pattern in addresses():
        if path == "/" or path.startswith(OPEN) or getattr(pattern.callback, "public", False):
            continue
        answer = client.get(path)
        if answer.status_code == 200:
            shown.append(path)
    assert shown == []


@pytest.mark.parametrize("role", ["audit_admin", "supervisor"])
def test_no_address_of_the_house_lets_an_onlooker_change_anything_by_post(signed_in_as, role):
    client = signed_in_as(role)
    client.raise_request_exception = False
    UnsealedFact.objects.all().delete()
    for path, _pattern in addresses():
        if path.startswith("/account/") or path == "/":
            continue
        client.post(path, {"account": "x", "role": "system_admin", "reason": "x", "approve": "1", "name": "x"})
    assert not UnsealedFact.objects.exists()


def test_posting_extra_fields_gives_no_role(signed_in_as, account):
    from xinglin.directory.accounts import Account

    client = signed_in_as("member")
    client.post("/account/password/change/", {
        "oldpassword": "Plum-Rain-44", "password1": "Plum-Rain-45", "password2": "Plum-Rain-45", "is_superuser": "1",
        "is_staff": "1", "purpose": "administration", "role": "system_admin", "person": "1",
    })  # fmt: skip
    row = Account.objects.get(username="member")
    assert row.check_password("Plum-Rain-45") and row.purpose == "person" and not row.grants.exists()
    assert not hasattr(row, "is_superuser") and not hasattr(row, "is_staff")
