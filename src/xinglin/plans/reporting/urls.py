"""Addresses of the reports of plans."""

from django.urls import path

from .web import bulletins, checking, figures, performing, summary, tables

app_name = "plans_reports"
urlpatterns = [
    path("summary/", summary.newest, name="summary"),
    path("figure/", figures.figure, name="figure"),
    path("<int:key>/summary/", summary.report, name="report"),
    path("<int:key>/summary/draft/", summary.draft, name="draft"),
    path("<int:key>/summary/<int:number>.<str:form>", summary.paper, name="paper"),
    path("<int:key>/bulletin/<int:quarter>/draft/", bulletins.draft, name="draft_bulletin"),
    path("<int:key>/bulletin/<int:quarter>/<int:number>.<str:form>", summary.paper, name="bulletin"),
    path("<int:key>/check/", checking.upload, name="check"),
    path("check/<int:key>/", checking.checked, name="checked"),
    path("<int:key>/table/export/", tables.table_export, name="table_export"),
    path("<int:key>/table/import/", tables.table_import, name="table_import"),
    path("<int:key>/table/import/take/", tables.table_take, name="table_take"),
    path("<int:key>/lists/export/", tables.lists_export, name="lists_export"),
    path("<int:key>/performance/", performing.scores, name="performance"),
    path("commitment/<int:key>/quality/", performing.quality, name="quality"),
]
