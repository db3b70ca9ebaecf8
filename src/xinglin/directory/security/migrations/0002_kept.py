"""Triggers: a line of the security log is never changed; and the table of the shared cache."""

from django.conf import settings
from django.core.management import call_command
from django.db import migrations

LOG = "security_logentry"


def install(apps, schema_editor):
    run = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        run("""CREATE OR REPLACE FUNCTION security_log_kept() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'lines of the security log are never changed'
               USING ERRCODE = 'integrity_constraint_violation'; END $$""")
        run(f"""CREATE TRIGGER {LOG}_kept BEFORE UPDATE ON {LOG}
                FOR EACH ROW EXECUTE FUNCTION security_log_kept()""")
    else:
        run(f"""CREATE TRIGGER {LOG}_kept BEFORE UPDATE ON {LOG}
                BEGIN SELECT RAISE(ABORT, 'lines of the security log are never changed'); END""")
    if any(one["BACKEND"].endswith("DatabaseCache") for one in settings.CACHES.values()):
        call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION security_log_kept() CASCADE")
    else:
        schema_editor.execute(f"DROP TRIGGER {LOG}_kept")


class Migration(migrations.Migration):
    dependencies = [("security", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
