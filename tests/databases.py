"""A cluster of PostgreSQL of the tests' own, on a free port in a folder that goes with them."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from etl.store.database import open_database

_numbers = count(1)


def binary(name: str) -> str:
    """Return where a program of PostgreSQL lies; Debian keeps most of them off the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(debian[-1]) if debian else None)
    if found is None:
        raise FileNotFoundError(f"{name}: “make test” installs Debian's postgresql")
    return found


class Cluster:
    """A server of PostgreSQL that runs; its databases are made from one whose tables are there.

    Parameters
    ----------
    folder
        Where its socket lies.
    port
        On which it listens, on this machine alone.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        home = folder / "template-home"
        self._create("template_store", "template1")
        open_database(self.url("template_store"), home).close()

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def new(self, *, is_empty: bool = False, template: str = "template_store") -> str:
        """Make a database with the store's tables, an empty one, or a copy of another; return its address."""
        name = f"store_{os.getpid()}_{next(_numbers)}"
        self._create(name, "template1" if is_empty else template)
        return self.url(name)

    def drop(self, url: str) -> None:
        """Take a database away."""
        self._run(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def _create(self, name: str, template: str) -> None:
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _run(self, sql: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a cluster, as another user where root runs the tests: PostgreSQL refuses root."""
    with tempfile.TemporaryDirectory(prefix="cluster-") as name, _started(Path(name)) as cluster:
        yield cluster


@contextmanager
def _started(folder: Path) -> Iterator[Cluster]:
    data = folder / "data"
    data.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        os.chown(data, user.pw_uid, user.pw_gid)
        folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        call = [*as_user, binary(program), *arguments]
        done = subprocess.run(call, capture_output=True, text=True, cwd="/", check=False)
        assert done.returncode == 0, (call, done.stdout, done.stderr)

    run(
        "initdb",
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(data / "log"), "start")
    try:
        yield Cluster(folder, port)
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
