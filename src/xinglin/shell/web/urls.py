"""Addresses of the shell."""

from django.urls import path

from ..operations.views import rules
from . import patterns, views

app_name = "shell"
urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("language/", views.language, name="language"),
    path("columns/", views.columns, name="columns"),
    path("lists/", views.save_list, name="save_list"),
    path("search/", views.search, name="search"),
    path("choose/<str:kind>/", views.choose, name="choose"),
    path("jobs/<int:key>/", views.job, name="job"),
    path("jobs/<int:key>/cancel/", views.job_cancel, name="job_cancel"),
    path("regulations/", rules.regulations, name="regulations"),
    path("regulations/<str:key>/", rules.regulation_page, name="regulation"),
    path("patterns/", patterns.patterns, name="patterns"),
]
