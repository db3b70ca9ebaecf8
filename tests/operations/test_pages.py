"""Every page answers whom it is for, refuses whom it is not for, and speaks both languages."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
WATCHERS = ("system_admin", "supervisor", "audit_admin")
OFFICE = ("office", "secretary_general")
EVERYBODY = (*WATCHERS, *OFFICE, "member", "department")
PAGES = {
    "inbox": EVERYBODY, "calendar": EVERYBODY, "operations": WATCHERS, "letters": WATCHERS, "jobs": WATCHERS,
    "numbers": (*OFFICE, "supervisor", "audit_admin"), "give": OFFICE, "new_series": OFFICE, "declare": OFFICE,
    "holidays": OFFICE,
}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_these_roles_and_for_no_others(as_role, name, role):
    expected = 200 if role in PAGES[name] else 403
    assert as_role(role).get(reverse(f"operations:{name}")).status_code == expected


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_asked_to_sign_in(client, name):
    answer = client.get(reverse(f"operations:{name}"))
    assert answer.status_code == 302 and answer.url.startswith("/account/login/")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_english_when_asked(as_role, name):
    client = as_role(*EVERYBODY)
    client.cookies["django_language"] = "en"
    page = client.get(reverse(f"operations:{name}"))
    assert page.status_code == 200 and 'lang="en"' in page.content.decode()
