"""Assembles the addresses of every floor."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("xinglin.directory.security.web.urls")),
    path("account/", include("xinglin.directory.security.web.library")),
    path("ledger/", include("xinglin.shell.openledger.urls")),
    path("", include("xinglin.plans.web.urls")),
    path("plans/", include("xinglin.plans.reporting.urls")),
    path("events/", include("xinglin.engines.events.web.urls")),
    path("learning/", include("xinglin.engines.learning.web.urls")),
    path("members/", include("xinglin.engines.membership.web.urls")),
    path("presence/", include("xinglin.mechanics.presence.web.urls")),
    path("worklog/", include("xinglin.engines.worklog.web.urls")),
    path("", include("xinglin.directory.web.urls")),
    path("", include("xinglin.shell.operations.urls")),
    path("", include("xinglin.shell.web.urls")),
]

handler400 = "xinglin.shell.web.failures.bad_request"
handler403 = "xinglin.shell.web.failures.forbidden"
handler404 = "xinglin.shell.web.failures.missing"
handler500 = "xinglin.shell.web.failures.fault"
