"""Addresses of the worklog."""

from django.urls import path

from . import editions, entries, files, importing, items, keeping, kinds, queue, register, registers, report, study

app_name = "worklog"
urlpatterns = [
    path("", register.register, name="register"),
    path("exchange/", register.exchange, name="exchange"),
    path("mine/", register.mine, name="mine"),
    path("submit/", register.submit, name="submit"),
    path("report/", report.report, name="report"),
    path("import/", importing.upload, name="import"),
    path("import/sheet/", importing.sheet, name="sheet"),
    path("import/<str:digest>/", importing.preview, name="preview"),
    path("verify/", queue.queue, name="queue"),
    path("verify/many/", queue.verify_many, name="verify_many"),
    path("verify/<int:key>/", queue.verify_one, name="verify"),
    path("verify/<int:key>/return/", queue.send_back, name="return"),
    path("entries/<int:key>/", entries.entry, name="entry"),
    path("entries/<int:key>/correct/", report.correct, name="correct"),
    path("entries/<int:key>/submit/", entries.hand_in, name="hand_in"),
    path("entries/<int:key>/withdraw/", entries.withdraw, name="withdraw"),
    path("entries/<int:key>/evidence/", entries.evidence, name="evidence"),
    path("entries/<int:key>/evidence/<int:attachment>/remove/", entries.take_off, name="remove_evidence"),
    path("files/<int:key>/", files.download, name="file"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("kinds/add/", kinds.add, name="add_kind"),
    path("kinds/<slug:code>/", kinds.change, name="kind"),
    path("kinds/<slug:code>/retire/", kinds.retire, name="retire_kind"),
    path("series/", editions.all_series, name="all_series"),
    path("series/add/", editions.add, name="add_series"),
    path("series/<int:key>/", editions.series, name="series"),
    path("series/<int:key>/change/", editions.change, name="change_series"),
    path("editions/<int:key>/cancel/", editions.cancel, name="cancel_edition"),
    path("registers/", registers.overview, name="registers"),
    path("registers/sites/", registers.sites, name="sites"),
    path("registers/add/", registers.add, name="add_track"),
    path("registers/of/<slug:pattern>/", registers.pattern, name="pattern"),
    path("registers/<int:key>/", registers.track, name="track"),
    path("registers/<int:key>/change/", keeping.change, name="change_track"),
    path("registers/<int:key>/close/", keeping.close, name="close_track"),
    path("registers/<int:key>/add/", items.add, name="add_item"),
    path("items/<int:key>/", items.item, name="item"),
    path("items/<int:key>/amend/", items.amend, name="amend_item"),
    path("items/<int:key>/evidence/", items.evidence, name="prove_item"),
    path("study/", study.study, name="study"),
]
