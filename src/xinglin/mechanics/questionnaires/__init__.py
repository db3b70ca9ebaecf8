"""Questionnaires as data: a definition in YAML becomes a form that checks itself and gives typed answers."""
