"""Xinglin 杏林: the open operating platform of a medical association."""
