"""Leaves room in each page of sittings, so that a heartbeat rewrites its row in place and touches no index (HOT)."""

from django.db import migrations


def leave_room(apps, schema_editor):
    """Only PostgreSQL has pages to fill."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE presence_sitting SET (fillfactor = 50)")


class Migration(migrations.Migration):
    dependencies = [("presence", "0001_initial")]
    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
