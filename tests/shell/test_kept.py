"""What was typed comes back when a form came too late, and secrets do not."""

import pytest
from django.test import RequestFactory

from xinglin.shell.web.kept import kept_fields


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("credit_code", "91310000MA1FL4B24X", True),
        ("credit_code", "913100001234567890", True),
        ("code", "bazaar", True),
        ("notpaid", "1", True),
        ("passwords_changed", "yes", True),
        ("code", "123456", False),
        ("token-code", "123456", False),
        ("password", "x", False),
        ("password1", "x", False),
        ("old_password", "x", False),
        ("login-password", "x", False),
        ("otp", "123456", False),
        ("client_secret", "x", False),
        ("csrfmiddlewaretoken", "x", False),
    ],
)
def test_everything_typed_is_kept_but_secrets(name, value, kept):
    assert kept_fields(RequestFactory().post("/", {name: value})) == ([(name, value)] if kept else [])
