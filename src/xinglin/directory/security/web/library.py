"""The pages of the sign-in library that this house uses; what is not named here does not exist."""

from allauth.urls import urlpatterns as library
from django.urls import URLPattern, URLResolver

# Addresses of people change by `security:address`, so the library's pages for that are left out.
CLOSED = frozenset({
    "account_email", "account_confirm_email", "account_email_verification_sent", "account_verify_phone",
    "account_change_phone",
})  # fmt: skip


def kept(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Return the patterns without the closed pages, at every depth."""
    answer: list[URLPattern | URLResolver] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            below = kept(one.url_patterns)
            answer.append(URLResolver(one.pattern, below, one.default_kwargs, one.app_name, one.namespace))
        elif one.name not in CLOSED:
            answer.append(one)
    return answer


urlpatterns = kept(list(library))
