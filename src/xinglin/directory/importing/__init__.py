"""Imports lists of people and organisations from tables: read, map, check, write, undo."""
