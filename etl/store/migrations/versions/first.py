"""The store as it began: submissions, accounts, sessions, the audit log, publications, settings."""

import sqlalchemy as sa
from alembic import op

from etl.store import triggers

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("password_state", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_set_at", sa.Text(), nullable=True),
        sa.Column("failed_count", NUMBER, nullable=False),
        sa.Column("locked_until", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_confirmed_at", sa.Text(), nullable=True),
        sa.Column("totp_counter", NUMBER, nullable=True),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "password_state IN ('none', 'temporary', 'own')", name="ck_account_password_state"
        ),
        sa.CheckConstraint("state IN ('active', 'disabled')", name="ck_account_state"),
        sa.PrimaryKeyConstraint("account_id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("result IN ('done', 'refused', 'failed')", name="ck_audit_result"),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
        sa.UniqueConstraint("hash", name="uq_audit_hash"),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_object", "audit", ["object"], unique=False)
    op.create_table(
        "publication",
        sa.Column("publication_id", sa.Text(), nullable=False),
        sa.Column("build_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("program_version", sa.Text(), nullable=False),
        sa.Column("audit_head", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('prepared', 'published', 'abandoned')", name="ck_publication_state"),
        sa.PrimaryKeyConstraint("publication_id", name="pk_publication"),
        sqlite_strict=True,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by_account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
        sqlite_strict=True,
    )
    op.create_table(
        "submission",
        sa.Column("submission_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("by_account", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("program_version", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('file', 'form')", name="ck_submission_kind"),
        sa.CheckConstraint(
            "state IN ('draft', 'checked', 'submitted', 'returned', 'approved', 'published', 'withdrawn')",
            name="ck_submission_state",
        ),
        sa.PrimaryKeyConstraint("submission_id", name="pk_submission"),
        sa.UniqueConstraint("sha256", name="uq_submission_sha256"),
        sqlite_strict=True,
    )
    op.create_table(
        "account_right",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.CheckConstraint("area IN ('city', 'district', 'ward')", name="ck_account_right_area"),
        sa.CheckConstraint(
            "role IN ('view', 'submit', 'review', 'administer', 'wall')", name="ck_account_right_role"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_account_right_account_id"),
        sa.PrimaryKeyConstraint("account_id", "role", "area", "vintage", "code", name="pk_account_right"),
        sqlite_strict=True,
    )
    op.create_table(
        "password_history",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.account_id"], name="fk_password_history_account_id"
        ),
        sa.PrimaryKeyConstraint("account_id", "set_at", name="pk_password_history"),
        sqlite_strict=True,
    )
    op.create_table(
        "publication_input",
        sa.Column("publication_id", sa.Text(), nullable=False),
        sa.Column("input", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.publication_id"], name="fk_publication_input_publication_id"
        ),
        sa.PrimaryKeyConstraint("publication_id", "input", name="pk_publication_input"),
        sqlite_strict=True,
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_recovery_code_account_id"),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name="pk_recovery_code"),
        sqlite_strict=True,
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("factor", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.CheckConstraint("factor IN ('password', 'second', 'proxy', 'token')", name="ck_session_factor"),
        sa.CheckConstraint("kind IN ('person', 'wall')", name="ck_session_kind"),
        sa.ForeignKeyConstraint(["account_id"], ["account.account_id"], name="fk_session_account_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_session"),
        sqlite_strict=True,
    )
    op.create_index("ix_session_account_id", "session", ["account_id"], unique=False)
    op.create_table(
        "submission_rows",
        sa.Column("submission_id", sa.Text(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("row_count", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.submission_id"], name="fk_submission_rows_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", "layer", name="pk_submission_rows"),
        sqlite_strict=True,
    )
    op.create_table(
        "submission_step",
        sa.Column("submission_id", sa.Text(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by_account", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'checked', 'submitted', 'returned', 'approved', 'published', 'withdrawn')",
            name="ck_submission_step_state",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.submission_id"], name="fk_submission_step_submission_id"
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name="pk_submission_step"),
        sqlite_strict=True,
    )
    triggers.make(op.get_bind())
