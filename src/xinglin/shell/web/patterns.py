"""The pattern page: every component as it really is, measured by the tests."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ..policy import may_see_patterns
from . import samples
from .doors import allow


def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component with invented content."""
    if not settings.DEBUG:
        allow(may_see_patterns(actor=request.actor))
    table = samples.Doctors(request, rows=samples.DOCTORS)
    form = samples.Sample(request.POST or None, request.FILES or None)
    if request.method == "POST" and not request.POST.get("export"):
        form.is_valid()
    return table.response("shell/patterns.html", {"form": form, "figures": samples.PACE, "bars": samples.BARS,
                                                  "job": samples.JOB, "refusal": samples.REFUSAL})
