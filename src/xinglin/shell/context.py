"""What every page of the shell knows."""

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the navigation and the name of the house."""
    return {}
