"""Logging from Excel: upload, a preview with a reason for each row refused, then log the good ones."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from xinglin.kernel import clock
from xinglin.kernel.files import KIND, FileGone, keep, open_file
from xinglin.kernel.policy import Refusal
from xinglin.kernel.refs import ref
from xinglin.lib.tables import TableRefused, write_xlsx
from xinglin.shell.forms import Form, Upload
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.work import log_works
from ..policy import may_log_work
from ..sheets import COLUMNS, Line, read_sheet
from . import choosing


class SheetForm(Form):
    """A sheet of work."""

    file = Upload(label=gettext_lazy("Excel or CSV file"), accept=(".xlsx", ".csv"), max_bytes=10 * 1024 * 1024)
    guarded = False


class SureForm(Form):
    """The good rows are logged."""

    guarded = False


@signed_in
def upload(request: HttpRequest) -> HttpResponse:
    """Take a sheet and show what it says."""
    allow(may_log_work(actor=request.actor))
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = keep(content=form.cleaned_data["file"])
        except Refusal as refusal:
            refusal.field = "file"
            form.refuse(refusal)
        else:
            return redirect("worklog:preview", digest=file.ref.key)
    return render(request, "worklog/import.html", {"form": form, "columns": [names[0] for names in COLUMNS.values()]})


def _lines(request: HttpRequest, digest: str) -> list[Line]:
    with open_file(file=ref(KIND, digest)) as file:
        content = file.read()
    on = clock.today()
    return read_sheet(content=content, organisations=choosing.organisation_options(actor=request.actor, on=on), on=on)


@signed_in
def preview(request: HttpRequest, digest: str) -> HttpResponse:
    """Show each row with what will be logged or why not; on yes log the good ones as drafts to submit."""
    allow(may_log_work(actor=request.actor))
    try:
        lines = _lines(request, digest)
    except (TableRefused, FileGone) as refused:
        known, language = isinstance(refused, TableRefused), (get_language() or "zh")[:2]
        form = SheetForm()
        form.refuse(Refusal(refused.message(language=language) if known else str(refused)))
        return render(request, "worklog/import.html", {"form": form, "columns": [one[0] for one in COLUMNS.values()]})
    good, form = [one for one in lines if one.good], SureForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and good:
        submit = "submit" in request.POST
        outcome = perform(request, log_works, form, works=[one.work for one in good], submit=submit)
        if outcome.ok:
            return done(
                request,
                ngettext("%(n)d entry logged.", "%(n)d entries logged.", len(good)) % {"n": len(good)},
                reverse("worklog:mine"),
            )
    return render(
        request,
        "worklog/preview.html",
        {"lines": lines, "good": good, "bad": len(lines) - len(good), "form": form, "title": _("Log from Excel")},
    )


@signed_in
def sheet(request: HttpRequest) -> HttpResponse:
    """Hand out an empty sheet with the headings and one row as an example."""
    said = {"kind": "义诊", "title": "进社区义诊（示例，填写前删去）", "happened_on": clock.today(), "count": 1,
            "unit": "场", "people_on_site": 40, "patients": 120, "place_name": "河西街道",
            "partner_names": "区卫生健康委（演示）"}
    example = [said.get(name) for name in COLUMNS]
    file = BytesIO()
    write_xlsx(target=file, columns=[names[0] for names in COLUMNS.values()], rows=[example], sheet="工作")
    response = HttpResponse(
        file.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="worklog.xlsx"'
    return response
