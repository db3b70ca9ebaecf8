"""Addresses of the directory."""

from django.urls import path

from . import duplicates, importing, organisations, people, person_parts, terms

app_name = "directory"
urlpatterns = [
    path("people/", people.register, name="people"),
    path("people/new/", people.new, name="person_new"),
    path("people/duplicates/", duplicates.pairs, name="duplicates"),
    path("people/duplicates/<int:first>/<int:second>/", duplicates.compare, name="compare"),
    path("people/merges/<int:pk>/undo/", duplicates.undo, name="unmerge"),
    path("people/<int:pk>/", people.page, name="person"),
    path("people/<int:pk>/edit/", people.edit, name="person_edit"),
    path("people/<int:pk>/withdraw/", people.withdraw, name="person_withdraw"),
    path("people/<int:pk>/add/<slug:part>/", person_parts.add, name="person_add"),
    path("people/<int:pk>/left/<int:job>/", person_parts.leave, name="employment_end"),
    path("people/<int:pk>/term/", terms.begin, name="term_new"),
    path("terms/<int:pk>/end/", terms.end, name="term_end"),
    path("terms/<int:pk>/edit/", terms.correct, name="term_edit"),
    path("terms/<int:pk>/withdraw/", terms.withdraw, name="term_withdraw"),
    path("organisations/", organisations.register, name="organisations"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/tree/", organisations.tree, name="tree"),
    path("organisations/<int:pk>/", organisations.page, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<int:pk>/term/", terms.begin_here, name="term_new_here"),
    path("organisations/<int:pk>/<slug:deed>/", organisations.change, name="organisation_change"),
    path("imports/", importing.batches, name="imports"),
    path("imports/new/<slug:kind>/", importing.upload, name="import_new"),
    path("imports/form/<slug:kind>/", importing.form_sheet, name="import_form"),
    path("imports/<int:pk>/", importing.batch, name="batch"),
    path("imports/<int:pk>/columns/", importing.columns, name="import_columns"),
    path("imports/<int:pk>/check/", importing.preview, name="import_check"),
    path("imports/<int:pk>/rejected/", importing.rejected, name="import_rejected"),
    path("imports/<int:pk>/undo/", importing.undo, name="import_undo"),
]
