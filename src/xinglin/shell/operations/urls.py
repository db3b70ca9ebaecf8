"""Addresses of the screens of the kernel's services."""

from django.urls import path

from .views import days, downloads, inbox, jobs, letters, numbers, rules, running

app_name = "operations"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<uuid:key>/", inbox.notice, name="notice"),
    path("files/<int:attachment>/", downloads.download, name="download"),
    path("files/content/<str:digest>/", downloads.content, name="content"),
    path("operations/", running.operations, name="operations"),
    path("operations/flows/<str:name>/", running.retry, name="retry"),
    path("operations/letters/", letters.letters, name="letters"),
    path("operations/letters/again/", letters.again, name="letters_again"),
    path("operations/jobs/", jobs.jobs, name="jobs"),
    path("operations/jobs/<int:key>/stop/", jobs.stop, name="stop_job"),
    path("regulations/<str:key>/override/", rules.override, name="override"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/give/", numbers.give, name="give"),
    path("numbers/series/", numbers.series, name="new_series"),
    path("numbers/series/<str:code>/", numbers.series, name="series"),
    path("numbers/<int:key>/", numbers.number, name="number"),
    path("calendar/", days.year, name="calendar"),
    path("calendar/declare/", days.declare, name="declare"),
    path("calendar/notice/", days.notice, name="holidays"),
    path("calendar/withdraw/", days.withdraw, name="withdraw"),
]
