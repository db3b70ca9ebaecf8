"""What the pages of engines share that look into bank statements: the upload, and what is chosen for a row."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinglin.kernel import clock
from xinglin.kernel.policy import Refusal
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form, Upload
from xinglin.shell.web import done

from .models import Statement

Keep = Callable[..., tuple[Statement, bool]]


class StatementForm(Form):
    """A bank's statement."""

    file = Upload(label=gettext_lazy("Statement as the bank exports it"), accept=(".xlsx", ".csv", ".txt"),
                  max_bytes=20 * 1024 * 1024)
    guarded = False


def upload_page(
    request: HttpRequest, *, template: str, keep: Keep, address: Callable[[Statement], str],
) -> HttpResponse:
    """Take a statement in and lead to its rows; the same file leads to what is there."""
    form = StatementForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file: Any = form.cleaned_data["file"]
        try:
            kept, made = keep(by=actor_of(request), on=clock.today(), name=file.name, content=file.read())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(address(kept)) if made else done(
                request, _("This file was uploaded on %(day)s; here it is.") % {"day": kept.uploaded_on},
                address(kept), level="warn")
    return render(request, template, {"form": form, "rows": Statement.objects.defer("content")[:30]},
                  status=422 if form.failed else 200)


def choice_of(request: HttpRequest, number: int, *, first: str) -> str:
    """Return what is chosen for a row: what was posted, else what is proposed."""
    return str(request.POST.get(f"row-{number}", "")) if request.method == "POST" else first
