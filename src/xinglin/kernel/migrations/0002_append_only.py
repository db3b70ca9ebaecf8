"""Triggers: the database itself refuses to change or delete what is sealed."""

from django.db import migrations

APPEND_ONLY = ("kernel_sealedfact", "kernel_checkpoint")


def install(apps, schema_editor):
    def run(sql):
        schema_editor.execute(sql, params=None)  # the text holds percent signs of its own

    if schema_editor.connection.vendor == "postgresql":
        run("""CREATE OR REPLACE FUNCTION kernel_append_only() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN RAISE EXCEPTION 'sealed rows are never changed: % on %', TG_OP, TG_TABLE_NAME
               USING ERRCODE = 'integrity_constraint_violation'; END $$""")
        for table in APPEND_ONLY:
            run(f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION kernel_append_only()""")
        run("""CREATE TRIGGER kernel_unsealed_kept BEFORE UPDATE ON kernel_unsealedfact
               FOR EACH ROW EXECUTE FUNCTION kernel_append_only()""")
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            run(f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                    BEGIN SELECT RAISE(ABORT, 'sealed rows are never changed'); END""")
    run("""CREATE TRIGGER kernel_unsealed_kept BEFORE UPDATE ON kernel_unsealedfact
           BEGIN SELECT RAISE(ABORT, 'facts are never changed'); END""")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION kernel_append_only() CASCADE")
        return
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
    schema_editor.execute("DROP TRIGGER kernel_unsealed_kept")


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
