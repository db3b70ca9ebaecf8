"""Registers questionnaires with Django, for their template, script and words."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """Forms that are data; no tables."""

    name = "xinglin.mechanics.questionnaires"
    label = "questionnaires"
