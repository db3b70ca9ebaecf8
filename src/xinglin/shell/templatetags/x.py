"""Template tags of the shell, available in every template."""

from django import template

register = template.Library()
