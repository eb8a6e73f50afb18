"""What stands in the store, in one place: the tables of SQLite and PostgreSQL alike.

Times are texts in UTC, ISO 8601 with offset and microseconds, so that they sort as they passed. Ids are
opaque texts. Where there is nothing stands an empty text; an empty cell is what is not known.
"""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

KINDS = ("file", "form")
"""How a submission came."""
STATES = ("draft", "checked", "submitted", "returned", "approved", "published", "withdrawn")
"""What a submission is; only the rows of one that is ``published`` count."""
ROLES = ("view", "submit", "review", "administer", "wall")
"""What an account may do."""
AREAS = ("city", "district", "ward")
"""What a right may be confined to: nothing, a former district, a ward."""
ACCOUNT_STATES = ("active", "disabled")
PASSWORD_STATES = ("none", "temporary", "own")
"""Whether an account has a password, and whether its owner chose it."""
SESSION_KINDS = ("person", "wall")
FACTORS = ("password", "second", "proxy", "token")
"""By what the holder of a session has shown who they are."""
PUBLICATION_STATES = ("prepared", "published", "abandoned")
"""A publication is prepared before its file takes its place, and published once it has."""
RESULTS = ("done", "refused", "failed")


def _text(name: str, *more: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, *more, **{"nullable": False} | options)


def _number(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(
        name, sa.BigInteger().with_variant(sa.Integer, "sqlite"), **{"nullable": False} | options
    )


def _content(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _among(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _of(name: str, column: str, **options: Any) -> sa.Column[Any]:
    return _text(name, sa.ForeignKey(f"{column}"), **options)


def _table(name: str, *parts: Any) -> sa.Table:
    return sa.Table(name, metadata, *parts, sqlite_strict=True)


submission = _table(
    "submission",
    _text("submission_id", primary_key=True),
    _text("kind"),
    _text("state"),
    _number("version"),  # counts its steps: who decides on an older one is told so
    _text("file_name"),
    _content("file"),
    _text("sha256", unique=True),
    _text("by_account"),
    _text("body"),  # the body that delivers it; empty where none is stated
    _text("at"),
    _text("program_version"),
    _among("kind", KINDS),
    _among("state", STATES),
)

submission_rows = _table(
    "submission_rows",
    _of("submission_id", "submission.submission_id", primary_key=True),
    _text("layer", primary_key=True),
    _content("content"),  # Parquet
    _text("sha256"),
    _number("row_count"),
)

submission_step = _table(
    "submission_step",
    _of("submission_id", "submission.submission_id", primary_key=True),
    _number("number", primary_key=True),
    _text("state"),
    _text("by_account"),
    _text("at"),
    _text("comment"),
    _among("state", STATES),
)

account = _table(
    "account",
    _text("account_id", primary_key=True),
    _text("name", unique=True),  # by which it signs in; lower case, never changed
    _text("body"),
    _text("state"),
    _text("password_state"),
    _text("password_hash", nullable=True),  # Argon2id
    _text("password_set_at", nullable=True),
    _number("failed_count"),
    _text("locked_until", nullable=True),
    _text("totp_secret", nullable=True),  # encrypted by the key in the home
    _text("totp_confirmed_at", nullable=True),
    _number("totp_counter", nullable=True),  # of the last code that was used
    _text("created_at"),
    _text("seen_at", nullable=True),
    _text("reviewed_at", nullable=True),
    _among("state", ACCOUNT_STATES),
    _among("password_state", PASSWORD_STATES),
)

account_right = _table(
    "account_right",
    _of("account_id", "account.account_id", primary_key=True),
    _text("role", primary_key=True),
    _text("area", primary_key=True),
    _text("vintage", primary_key=True),  # empty for the city
    _text("code", primary_key=True),  # of the district or ward in that vintage
    _among("role", ROLES),
    _among("area", AREAS),
)

password_history = _table(
    "password_history",
    _of("account_id", "account.account_id", primary_key=True),
    _text("set_at", primary_key=True),
    _text("password_hash"),
)

recovery_code = _table(
    "recovery_code",
    _of("account_id", "account.account_id", primary_key=True),
    _text("code_hash", primary_key=True),
    _text("used_at", nullable=True),
)

session = _table(
    "session",
    _text("token_hash", primary_key=True),
    _of("account_id", "account.account_id", index=True),
    _text("kind"),
    _text("factor"),
    _text("label"),  # of a wall: where it hangs
    _text("created_at"),
    _text("seen_at"),
    _text("expires_at"),
    _text("ended_at", nullable=True),
    _text("address"),
    _text("agent"),
    _among("kind", SESSION_KINDS),
    _among("factor", FACTORS),
)

audit = _table(
    "audit",
    _number("number", primary_key=True, autoincrement=False),
    _text("at", index=True),
    _text("account"),
    _text("address"),
    _text("action"),
    _text("object", index=True),
    _text("result"),
    _text("detail"),
    _text("digest"),  # of the object as it stands after the action; see `etl.store.seals`
    _text("previous"),
    _text("hash", unique=True),
    _among("result", RESULTS),
)

publication = _table(
    "publication",
    _text("publication_id", primary_key=True),
    _text("build_id"),
    _text("place"),  # of the file: within the home, or anywhere
    _text("state"),
    _text("sha256"),
    _text("at"),
    _text("program_version"),
    _text("audit_head"),
    _among("state", PUBLICATION_STATES),
)

publication_input = _table(
    "publication_input",
    _of("publication_id", "publication.publication_id", primary_key=True),
    _text("input", primary_key=True),
    _text("sha256"),
)

setting = _table(
    "setting",
    _text("name", primary_key=True),
    _text("value"),
    _text("at"),
    _text("by_account"),
)
