"""Addresses of presence."""

from django.urls import path

from . import trial, views

app_name = "presence"
urlpatterns = [
    path("open/", views.opens, name="open"),
    path("beat/", views.beats, name="beat"),
    path("try/", trial.trial, name="try"),
    path("try/<slug:kind>/", trial.trial, name="try_kind"),
    path("try/film/live.m3u8", trial.live, name="live_film"),
    path("try/film/<str:name>", trial.film, name="film"),
]
