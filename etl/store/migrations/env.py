"""Runs the steps on the connection that `etl.store.database` holds."""

from alembic import context

from etl.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False
)
context.run_migrations()
