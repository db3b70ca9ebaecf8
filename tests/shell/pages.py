"""Views and addresses that only the tests of the shell have."""

from django import forms as django_forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from xinglin.kernel.acts import act, state
from xinglin.kernel.policy import YES, NotAllowed, Problem, Refusal, Refusals, no
from xinglin.kernel.refs import Code
from xinglin.shell.facts import ListExported
from xinglin.shell.forms import Choose, DateField, Form, MoneyField, NumberField, Upload
from xinglin.shell.models import SavedList
from xinglin.shell.tables import Bulk, Choice, Column, Dates, Numbers, Segment, Table, YesNo
from xinglin.shell.web import allow, done, perform, signed_in


class Late(Refusal):
    """The day is over."""


class NoteForm(Form):
    """A form with one control of each kind the shell adds."""

    title = django_forms.CharField(label="Title")
    held_on = DateField(label="Held on", required=False)
    people = NumberField(label="People", unit="人", whole=True, required=False)
    cost = MoneyField(label="Cost", required=False)
    person = Choose(kind="test.person", label="Person", required=False)
    file = Upload(label="File", accept=(".pdf",), max_bytes=100, required=False)
    groups = ()


@act
def write_note(*, by, on, title, **rest):
    """Do something, or refuse as the title says."""
    if title == "late":
        raise Late("The day is over.", field="held_on", instead="Take the next one.")
    if title == "rule":
        raise Late("Too few are present.", regulation="W3", instead="42 are called.")
    if title == "two":
        raise Refusals([Problem(field="title", message="Too short."), Problem(field="gone", message="Nowhere.")])
    if title == "forbidden":
        raise NotAllowed("Only the office writes notes.", regulation="W3")
    state(ListExported(list=Code("test.note"), rows=1, format=Code("csv")))
    return title


@signed_in
def note(request):
    """Write a note."""
    form = NoteForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        outcome = perform(request, write_note, form, **form.cleaned_data)
        if outcome.ok:
            return done(request, f"Written: {outcome.answer}", "/regulations/", undo="/undo/")
    return render(request, "shell/test_form.html", {"form": form}, status=422 if form.failed else 200)


def quiet(request):
    """Answer htmx with a toast alone."""
    return done(request, "已移出", undo="/undo/")


def closed(request):
    """Ask a policy that says no."""
    allow(no("Members of the council only.", regulation="W3"))
    return HttpResponse()


def open_door(request):
    """Ask a policy that says yes."""
    allow(YES)
    return HttpResponse("in")


def broken(request):
    """Fail."""
    raise RuntimeError("broken on purpose")


class Lists(Table):
    """A list over a real table."""

    code, title, unit = "test.lists", "名单", "份"
    columns = (
        Column("name", "Name", sort=True, at="name", link=lambda row: f"/lists/{row.pk}/"),
        Column("table", "Table", sort="table"),
        Column("number", "Number", value=lambda row: int(row.address or 0), kind="number", unit="份", hidden=True),
        Column("secret", "Secret", value="address", sensitive=True),
    )
    search = ("name",)
    segments = (Segment("all", "All"), Segment("a", "Of a", where=Q(table="a")))
    filters = (Choice("table", "Table", options=[("a", "Table A"), ("b", "Table B")]),
               YesNo("long", "Long names", where=Q(name__startswith="long")),
               Dates("day", "Day", lookup="account__opened_on"), Numbers("size", "Size", lookup="pk", unit="份"))
    bulk = (Bulk("picked", "Pick"),)
    order = ("name",)

    def rows(self):
        """Return all saved lists."""
        return SavedList.objects.all()


def lists(request):
    """Show the list."""
    return Lists(request).response("shell/test_list.html")


def picked(request):
    """Answer with the names picked."""
    return HttpResponse(",".join(sorted(row.name for row in Lists(request).picked())))


urlpatterns = [
    path("note/", note), path("quiet/", quiet), path("closed/", closed), path("open/", open_door),
    path("broken/", broken), path("lists-of-test/", lists, name="lists"), path("picked/", picked, name="picked"),
    path("", include("xinglin.site.urls")),
]
handler400 = "xinglin.shell.web.failures.bad_request"
handler403 = "xinglin.shell.web.failures.forbidden"
handler404 = "xinglin.shell.web.failures.missing"
handler500 = "xinglin.shell.web.failures.fault"
