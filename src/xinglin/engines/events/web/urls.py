"""Addresses of events."""

from django.urls import path

from . import register

app_name = "events"
urlpatterns = [
    path("", register.events, name="events"),
    path("<int:key>/", register.event, name="event"),
    path("series/<int:key>/", register.series, name="series"),
]
