"""Pages of imports: upload, columns, preview with reasons, progress, what came of it, undo."""

from itertools import islice
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xinglin.kernel import clock
from xinglin.kernel.jobs import Job
from xinglin.kernel.policy import Refusal, Verdict
from xinglin.shell.actions.exporting import export_list
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form, Upload
from xinglin.shell.web import allow, done, signed_in

from .. import policy
from ..importing import fields, outlook, running
from ..importing.jobs import LARGE, settle, start_check, start_import
from ..importing.sheets import covered, empty_form, rejected_sheet
from ..importing.values import WrongCell, text_of
from ..imports import Batch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAMPLE, REASONS = 4, 200
MEGABYTES = 50


class UploadForm(Form):
    """The file to import."""

    file = Upload(label=gettext_lazy("Excel or CSV file"), accept=(".xlsx", ".csv", ".txt"),
                  max_bytes=MEGABYTES * 1024 * 1024)


def _batch(request: HttpRequest, pk: int) -> Batch:
    allow(policy.may_import(actor=actor_of(request)))
    one = get_object_or_404(Batch, pk=pk)
    settle(one)
    return one


@signed_in
def batches(request: HttpRequest) -> HttpResponse:
    """List what was imported, and by whom."""
    allow(policy.may_import(actor=actor_of(request)))
    return render(request, "directory/imports.html", {"batches": Batch.objects.defer("content")[:50]})


@signed_in
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file in."""
    if kind not in Batch.Kind.values:
        raise Http404(kind)
    allow(policy.may_import(actor=actor_of(request)))
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = running.keep_file(by=actor_of(request), on=clock.today(), kind=kind, name=file.name,
                                     content=file.read())
            return redirect("directory:import_columns", pk=kept.pk)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "directory/import_new.html", {
        "form": form, "kind": kind, "columns": fields.columns(kind), "label": Batch.Kind(kind).label},
        status=422 if form.failed else 200)


@signed_in
def form_sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """Give an empty list to fill in."""
    if kind not in Batch.Kind.values:
        raise Http404(kind)
    return _download(empty_form(kind), f"xinglin-{kind}.xlsx")


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@signed_in
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the columns were understood, and let them be changed."""
    one = _batch(request, pk)
    if one.state not in Batch.OPEN:
        return redirect("directory:batch", pk=pk)
    if request.method == "POST" and request.POST.get("sheet") not in (None, one.sheet):
        return _other_sheet(request, one)
    refusal, reading = None, running.read(one, first=running.HEAD)
    if request.method == "POST":
        chosen = {at: request.POST.get(f"column-{at}", "") for at in range(len(reading.headers))}
        try:
            running.set_mapping(one, mapping=chosen)
            return redirect("directory:import_check", pk=pk)
        except Refusal as refused:
            refusal, reading = refused, running.Reading(table=reading.table, header=reading.header, mapping=chosen)
    return render(request, "directory/import_columns.html", {
        "batch": one, "reading": reading, "refusal": refusal, "columns": fields.columns(one.kind),
        "shown": _shown(reading)}, status=422 if refusal else 200)


def _other_sheet(request: HttpRequest, one: Batch) -> HttpResponse:
    url = reverse("directory:import_columns", args=[one.pk])
    try:
        running.choose_sheet(one, sheet=request.POST["sheet"], on=clock.today())
    except Refusal as refusal:
        return done(request, refusal, url, level="bad")
    return redirect(url)


def _shown(reading: running.Reading) -> list[dict[str, Any]]:
    """Return each column of the file with its header, some values and what it was taken for."""
    sample = list(islice((row for row in reading.rows if any(row)), SAMPLE))
    return [{"at": at, "header": _plain(header), "field": reading.mapping.get(at, ""),
             "values": [covered(_plain(row[at])) for row in sample if at < len(row) and row[at] not in (None, "")]}
            for at, header in enumerate(reading.headers)]


def _plain(cell: Any) -> str:
    try:
        return text_of(cell)
    except WrongCell as wrong:
        return wrong.reason


@signed_in
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Check every row and show what would be written and why some rows are not taken; start on POST."""
    one, by, on = _batch(request, pk), actor_of(request), clock.today()
    url = reverse("directory:batch", args=[pk])
    try:
        if request.method == "POST":
            start_import(by=by, on=on, batch=one, only_accepted=request.POST.get("do") == "accepted")
            return done(request, _("The import has started."), url)
        if one.state not in Batch.OPEN:
            return redirect(url)
        if one.rows <= LARGE:
            running.check(one, by=by, on=on)
        elif one.state != Batch.State.CHECKED:  # minutes of work: beside the request, with progress
            start_check(by=by, on=on, batch=one)
            return redirect(url)
    except Refusal as refusal:
        return done(request, refusal, reverse("directory:import_columns", args=[pk]), level="bad")
    return render(request, "directory/import_check.html", {
        "batch": one, "outlook": outlook.read(one), "rejections": outlook.reasons(one, most=REASONS),
        "more": max(0, one.rejected - REASONS), "own": one.by == by.ref, **_written(request, one)})


def _written(request: HttpRequest, one: Batch) -> dict[str, Any]:
    """Return what an import has written, which fields it completed, and whether the reader may undo it."""
    added = running.added(one)
    return {"added": added, "may_undo": _may_undo(request, one, added), "completed": "、".join(running.completed(one))}


@signed_in
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an import while it runs and what came of it."""
    one = _batch(request, pk)
    if one.state in (Batch.State.UPLOADED, Batch.State.CHECKED):
        step = "columns" if one.state == Batch.State.UPLOADED else "check"
        return redirect(f"directory:import_{step}", pk=pk)
    job = Job.objects.filter(pk=int(one.job)).first() if one.job.isdecimal() else None
    return render(request, "directory/batch.html", {
        "batch": one, "job": job, "rejections": outlook.reasons(one, most=REASONS),
        "light": {"done": "done", "failed": "bad", "running": "warn", "checking": "warn"}.get(one.state, "off"),
        "people": one.kind == Batch.Kind.PEOPLE, "own": one.by == actor_of(request).ref, **_written(request, one)})


def _may_undo(request: HttpRequest, one: Batch, added: dict[str, int]) -> Verdict | None:
    """Say whether the reader may undo, None when there is nothing to undo."""
    if one.state == Batch.State.DONE or (one.state in Batch.OPEN and any(added.values())):
        return policy.may_undo_import(actor=actor_of(request), uploader=one.by)
    return None


@signed_in
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the rejected rows with their reasons as a workbook to who uploaded them, numbers covered."""
    one = _batch(request, pk)
    allow(policy.may_fetch_rejected(actor=actor_of(request), uploader=one.by))
    content = rejected_sheet(one)
    export_list(by=actor_of(request), on=clock.today(), table="directory.rejected_rows", rows=one.rejected,
                form="xlsx", narrowed=False)
    return _download(content, f"xinglin-rejected-{pk}.xlsx")


@signed_in
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    one = _batch(request, pk)
    url = reverse("directory:batch", args=[pk])
    try:
        gone, kept = running.undo(one, by=actor_of(request), on=clock.today())
    except Refusal as refusal:
        return done(request, refusal, url, level="bad")
    return done(request, _("Taken back: %(gone)s entries; %(kept)s stay because others refer to them.") % {
        "gone": gone, "kept": kept}, url)
