"""Triggers: nobody holds one post, or one employment, twice at the same time."""

from django.db import migrations

# table: columns that must not repeat within overlapping spans
TABLES = {
    "directory_term": ("person_id", "post_id"),
    "directory_employment": ("person_id", "organisation_id"),
}
EARLIEST, LATEST = "0001-01-01", "9999-12-31"


def overlap(table, columns, cast=""):
    same = " AND ".join(f"t.{column} = NEW.{column}" for column in columns)
    return f"""SELECT 1 FROM {table} t WHERE {same} AND t.id <> NEW.id
        AND COALESCE(t.from_on, '{EARLIEST}'{cast}) < COALESCE(NEW.until_on, '{LATEST}'{cast})
        AND COALESCE(NEW.from_on, '{EARLIEST}'{cast}) < COALESCE(t.until_on, '{LATEST}'{cast})"""


def install(apps, schema_editor):
    def run(sql):
        schema_editor.execute(sql, params=None)  # the text holds a percent sign of its own

    for table, columns in TABLES.items():
        if schema_editor.connection.vendor == "postgresql":
            # The lock on the person makes two transactions at once see one another. An exclusion constraint
            # would need an extension; an advisory lock per row would fill the lock table in a large import.
            run(f"""CREATE OR REPLACE FUNCTION {table}_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM 1 FROM directory_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
                    IF EXISTS ({overlap(table, columns, "::date")}) THEN
                      RAISE EXCEPTION '{table}: spans overlap' USING ERRCODE = 'exclusion_violation';
                    END IF; RETURN NEW; END $$""")
            run(f"""CREATE TRIGGER {table}_no_overlap AFTER INSERT OR UPDATE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION {table}_no_overlap()""")
            continue
        for verb in ("INSERT", "UPDATE"):
            run(f"""CREATE TRIGGER {table}_no_overlap_{verb.lower()} AFTER {verb} ON {table}
                    WHEN EXISTS ({overlap(table, columns)})
                    BEGIN SELECT RAISE(ABORT, '{table}: spans overlap'); END""")


def remove(apps, schema_editor):
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_no_overlap() CASCADE")
            continue
        for verb in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {table}_no_overlap_{verb}")


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
