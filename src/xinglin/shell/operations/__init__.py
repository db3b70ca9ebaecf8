"""Screens of the kernel's services: inbox, files, what runs, rules, document numbers, working days."""
