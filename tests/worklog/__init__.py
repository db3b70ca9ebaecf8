"""Tests of the worklog."""
