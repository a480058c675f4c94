"""Triggers that keep events, and the text of published versions, from being changed or deleted by anybody."""

from __future__ import annotations

from django.db import migrations

_SQLITE = (
    """CREATE TRIGGER an_event_stays BEFORE UPDATE ON registry_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER an_event_is_kept BEFORE DELETE ON registry_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER a_published_text_stays BEFORE UPDATE ON registry_version
       WHEN OLD.state = 'published' AND (NEW.content IS NOT OLD.content OR NEW.state IS NOT OLD.state)
       BEGIN SELECT RAISE(ABORT, 'a published text is frozen'); END""",
    """CREATE TRIGGER a_published_text_is_kept BEFORE DELETE ON registry_version WHEN OLD.state = 'published'
       BEGIN SELECT RAISE(ABORT, 'a published text is frozen'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION registry_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$""",
    """CREATE TRIGGER an_event_stays BEFORE UPDATE OR DELETE ON registry_event
       FOR EACH ROW EXECUTE FUNCTION registry_refuse('events are append-only')""",
    """CREATE TRIGGER an_event_is_kept BEFORE TRUNCATE ON registry_event
       FOR EACH STATEMENT EXECUTE FUNCTION registry_refuse('events are append-only')""",
    """CREATE TRIGGER a_published_text_stays BEFORE UPDATE ON registry_version FOR EACH ROW
       WHEN (OLD.state = 'published' AND (NEW.content <> OLD.content OR NEW.state <> OLD.state))
       EXECUTE FUNCTION registry_refuse('a published text is frozen')""",
    """CREATE TRIGGER a_published_text_is_kept BEFORE DELETE ON registry_version FOR EACH ROW
       WHEN (OLD.state = 'published') EXECUTE FUNCTION registry_refuse('a published text is frozen')""",
)
_TRIGGERS = {
    "registry_event": ("an_event_stays", "an_event_is_kept"),
    "registry_version": ("a_published_text_stays", "a_published_text_is_kept"),
}


def make(apps, schema_editor):
    for statement in _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, names in _TRIGGERS.items():
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        schema_editor.execute("DROP FUNCTION registry_refuse()")


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
