"""What was typed comes back when a form came too late, and secrets do not."""

import pytest
from django.test import RequestFactory

from xinglin.shell.web.kept import kept_fields


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("credit_code", "91310000MA1FL4B24X", True),
        ("credit_code", "913100001234567890", True),
        ("postal_code", "210000", True),
        ("pattern", "江医协〔{year}〕{serial}号", True),
        ("secretary", "林杏", True),
        ("footprint", "1", True),
        ("code", "123456", False),
        ("code", "BCDF-GHJK", False),
        ("oldpassword", "x", False),
        ("newpasswd", "x", False),
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
