"""Notices a database whose tables an earlier version made: before the first release such tables are not upgraded."""

from collections.abc import Iterator

from django.apps import apps
from django.db import OperationalError, connection, models
from django.db.migrations.executor import MigrationExecutor


def missing() -> list[str]:
    """Return what this version's tables lack although every migration of theirs has run; nothing in a new database."""
    try:
        with connection.cursor() as cursor:
            there = set(connection.introspection.table_names(cursor))
            if "django_migrations" not in there:
                return []
            return [name for model in _settled() for name in _lacking(cursor, model, there)]
    except OperationalError:  # the server is away: that shows where it is needed
        return []


def refusal() -> str:
    """Return one sentence on why this database cannot be used, "" when it can."""
    lacking = missing()
    if not lacking:
        return ""
    return (
        f"数据库由更早的版本所建（缺 {lacking[0]}），不能升级，须另设 XINGLIN_VAR 和 XINGLIN_DATABASE 新建 / an earlier"
        " version made this database and it is not upgraded: begin anew with another data folder and database"
    )


def unmade() -> str:
    """Return one sentence when this database has no tables yet, "" when it has, or when it cannot be asked."""
    try:
        if connection.introspection.table_names():
            return ""
    except OperationalError:
        return ""
    return "还没有建表，先运行 xinglin migrate / there are no tables yet: run xinglin migrate first"


def _settled() -> Iterator[type[models.Model]]:
    """Return the house's models whose migrations have all run."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    waiting = {one.app_label for one, _backwards in plan}
    for model in apps.get_models():
        if model.__module__.startswith("xinglin.") and model._meta.app_label not in waiting and model._meta.managed:
            yield model


def _lacking(cursor: object, model: type[models.Model], there: set[str]) -> list[str]:
    table = model._meta.db_table
    if table not in there:
        return [table]
    has = {one.name for one in connection.introspection.get_table_description(cursor, table)}
    return [f"{table}.{one.column}" for one in model._meta.local_concrete_fields if one.column not in has]
