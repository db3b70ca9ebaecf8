"""Bank files for orders of events: upload, look at what fits, book the chosen rows together."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import ngettext

from xinglin.mechanics.transfers.keeping import Forgotten, keep_statement, sheet_of
from xinglin.mechanics.transfers.models import Statement
from xinglin.mechanics.transfers.pages import choice_of, upload_page
from xinglin.shell.asking import actor_of
from xinglin.shell.forms import Form
from xinglin.shell.web import allow, done, perform, signed_in

from ..actions.statements import Booking, book_statement
from ..order_matching import Fit, fits
from ..registration_policy import may_book_statements


@signed_in
def bank_file(request: HttpRequest) -> HttpResponse:
    """Take a bank's file in; one that was uploaded before, for fees too, leads to what is there."""
    allow(may_book_statements(actor=actor_of(request)))
    return upload_page(request, template="events/bank_file.html", keep=keep_statement,
                       address=lambda kept: reverse("events:bank_rows", args=[kept.pk]))


@signed_in
def bank_rows(request: HttpRequest, key: int) -> HttpResponse:
    """Show each row with the order it fits; book the chosen ones together."""
    allow(may_book_statements(actor=actor_of(request)))
    statement, form = get_object_or_404(Statement, pk=key), Form(request.POST or None)
    try:
        rows = sheet_of(statement).rows
    except Forgotten as refusal:
        return done(request, refusal, reverse("events:bank_file"), level="warn")
    found = fits(rows=rows)
    if request.method == "POST" and form.is_valid():
        bookings = _chosen(request, found)
        if perform(request, book_statement, form, statement=statement, bookings=bookings).ok:
            return done(request, ngettext("%(n)d row booked.", "%(n)d rows booked.", len(bookings)) % {
                "n": len(bookings)}, request.path)
        found = fits(rows=rows)
    kinds = [one.kind for one in found]
    return render(request, "events/bank_rows.html", {
        "statement": statement, "form": form, "exact": kinds.count("exact"), "likely": kinds.count("likely"),
        "lines": [(one, choice_of(request, one.row.number, first=str(one.orders[0].pk) if one.kind == "exact" else ""))
                  for one in found if one.kind != "none"],
        "others": kinds.count("none")}, status=422 if form.failed else 200)


def _chosen(request: HttpRequest, found: list[Fit]) -> list[Booking]:
    """Return the rows to book; an order that was not proposed for the row is no choice."""
    answer = []
    for one in found:
        said = request.POST.get(f"row-{one.row.number}", "")
        answer += [Booking(row=one.row, order=order) for order in one.orders if str(order.pk) == said]
    return answer
