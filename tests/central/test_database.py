"""The schema that runs is the schema that the code means."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from central.database import Database
from central.models import Base


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path):
    database = Database(f"sqlite+pysqlite:///{tmp_path / 'central.db'}")
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.migrate()
    database.close()


def test_what_was_acknowledged_survives_a_power_cut(tmp_path):
    database = Database(f"sqlite+pysqlite:///{tmp_path / 'central.db'}")
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        # 2 is FULL
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()
