"""Puts membership into the navigation and the pages of the floors below."""
