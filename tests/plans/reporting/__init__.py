"""Tests of the reports of plans."""
