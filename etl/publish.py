"""What a change of the batches does to the map: checked by a whole build first, made, then published."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

import pandas as pd

from etl.build import Ground, Illustrative, assemble, has_illustrative, is_current, publish, read_ground
from etl.illustrative import choice
from etl.store import audit, publications, verify
from etl.store.adopt import refuse_unadopted
from etl.store.audit import Actor
from etl.store.batch import Batch
from etl.store.database import database_of
from etl.store.submissions import Imported, Store
from geodata.clock import now
from geodata.contract.build_failure import BuildFailure, failure_sign
from geodata.contract.disk_faults import disk_fault
from geodata.contract.errors import Fault, GeodataError, SourceError
from geodata.disk import write_whole
from geodata.language import DEFAULT_LANGUAGE, Message, message
from geodata.settings import Settings

SIGNED_FAULTS = 5
"""So many faults of a build that failed stand in its sign."""


class Publisher:
    """Changes batches and keeps the GeoPackage in step; see `publishing`.

    Parameters
    ----------
    site
        The places of the installation.
    store
        Its store, in which nobody else builds meanwhile.
    as_of
        Day for which ``ward_summary`` holds.
    illustrative
        Whether illustrative rows are built, and which.
    progress
        Told each of `etl.build.STEPS` as it begins.
    """

    def __init__(
        self,
        site: Settings,
        store: Store,
        as_of: pd.Timestamp,
        illustrative: Illustrative | None,
        progress: Callable[[Message], None],
    ) -> None:
        self.site = site
        self.store = store
        self.layers: dict[str, pd.DataFrame] | None = None
        """The layers of the last build; ``None`` before any."""
        self._as_of = as_of
        self._illustrative = illustrative
        self._progress = progress
        self._checked: dict[str, pd.DataFrame] = {}
        self._is_published = True

    def add(self, path: Path, imported: Imported, by: Actor, body: str = "") -> str:
        """Add a file as a batch and return its id; see `etl.store.submissions.Store.add`.

        Raises
        ------
        GeodataError
            The file can't be added, or no build can be made with it; nothing has changed.
        """
        batch_id = self.store.add(path, imported, by, self._check, body)
        self._take()
        return batch_id

    def withdraw(self, batch_id: str, reason: str, by: Actor) -> None:
        """Withdraw a batch; see `etl.store.submissions.Store.withdraw`.

        Raises
        ------
        GeodataError
            The batch can't be withdrawn, or no build can be made without it; nothing has changed.
        """
        self.store.withdraw(batch_id, reason, by, self._check)
        self._take()

    def restore(self, batch_id: str, by: Actor) -> None:
        """Restore a batch; see `etl.store.submissions.Store.restore`.

        Raises
        ------
        GeodataError
            The batch can't be restored, or no build can be made with it; nothing has changed.
        """
        self.store.restore(batch_id, by, self._check)
        self._take()

    def build(self, *, if_changed: bool = False) -> bool:
        """Build with the batches in force, and return whether anything was built.

        Parameters
        ----------
        if_changed
            Leave a GeoPackage alone that was built from the same inputs, for the same day, by this version.
        """
        site, active = self.site, self.store.active()
        is_ours = publications.is_published(self.store.database, site.published)
        if (
            if_changed
            and is_ours
            and is_current(
                site.boundaries,
                site.sources,
                site.published,
                self._as_of,
                active,
                self._illustrative,
                site.network,
            )
        ):
            failure_sign(site.published).unlink(missing_ok=True)
            return False
        with signing_failure(site.published):
            self._check(active)
            self._take()
            self._publish()
        return True

    def publish(self) -> None:
        """Write the GeoPackage, if a batch has changed since it was written.

        Raises
        ------
        GeodataError
            It can't be written. What was published stays, with a sign beside it that it is behind.
        """
        if not self._is_published:
            with signing_failure(self.site.published):
                self._publish()

    def _publish(self) -> None:
        if self.layers is None:
            return
        database, actor, out = self.store.database, audit.system(), self.site.published
        with database.read() as connection:
            head = str(audit.head(connection))
        layers = self.layers | {"build": self.layers["build"].assign(audit_head=head)}
        noted: list[str] = []

        def note(part: Path) -> None:
            # Whoever opens it to look, as QGIS does, would else write into it.
            part.chmod(0o400)
            inputs = layers["build"][["input", "sha256"]].itertuples(index=False, name=None)
            build_id = layers["build"]["build_id"].iloc[0]
            noted.append(publications.prepare(database, actor, out, part, build_id, inputs))

        with choice.kept(self.site, illustrative=self._illustrative is not None):
            self.layers = publish(layers, out, self._progress, note)
        publications.become(database, actor, noted[0], "published")
        self._is_published = True
        failure_sign(self.site.published).unlink(missing_ok=True)

    @cached_property
    def ground(self) -> Ground:
        """What every build stands on, read once."""
        return read_ground(self.site.boundaries, self.site.sources, self.site.network, self._progress)

    def _check(self, batches: Sequence[Batch]) -> None:
        self._checked = assemble(self.ground, self._as_of, self._progress, batches, self._illustrative)

    def _take(self) -> None:
        self.layers, self._is_published = self._checked, False


@contextmanager
def signing_failure(published: Path) -> Iterator[None]:
    """Leave a sign beside a GeoPackage where a block that should publish fails, for those who watch a screen.

    Raises
    ------
    GeodataError
        What failed; and where the sign can't be left either, that nothing shows that the data are behind.
    """
    try:
        yield
    except BaseException as error:
        faults = list(error.faults) if isinstance(error, GeodataError) else []
        if isinstance(error, OSError):
            faults = [disk_fault(error, published)]
        told = [fault.render(DEFAULT_LANGUAGE) for fault in faults[:SIGNED_FAULTS]]
        failed_at = now().isoformat(timespec="seconds")
        sign = failure_sign(published)
        try:
            published.parent.mkdir(parents=True, exist_ok=True)
            write_whole(sign, BuildFailure(failed_at, tuple(told or [type(error).__name__])).as_json())
        except OSError as refused:
            faults.append(_unsigned(sign, refused))
            raise SourceError(faults) from error
        if isinstance(error, OSError):
            raise SourceError(faults) from error
        raise


def _unsigned(sign: Path, refused: OSError) -> Fault:
    fault = disk_fault(refused, sign)
    problem = message(
        "no sign can be left that the data are behind ({reason}): pages and wall don't say so",
        reason=fault.problem,
    )
    return Fault(fault.file, "", problem, fault.expected)


@contextmanager
def publishing(
    site: Settings,
    as_of: pd.Timestamp,
    waiting: Callable[[], object] = lambda: None,
    progress: Callable[[Message], None] = lambda _: None,
    *,
    with_illustrative: bool | None = None,
    until: pd.Timestamp | None = None,
    seed: int = 1,
) -> Iterator[Publisher]:
    """Build alone in the store of a site, and publish at the end what was changed.

    Every change is checked by a build before it is made, so that what is in the store can always be built;
    the boundaries are read once. What was changed before a failure is published too.

    Parameters
    ----------
    site
        The places of the installation.
    as_of
        Day for which ``ward_summary`` holds.
    waiting
        Called once when another import or build takes longer than a second.
    progress
        Told each of `etl.build.STEPS` as it begins.
    with_illustrative
        Whether illustrative rows are built; by default as in the last build, or if there was none.
    until, seed
        See `etl.build.Illustrative`; by default up to the day of the build.

    Raises
    ------
    SourceError
        The store is not what this program wrote, or batches of version 0.2 wait to be adopted.
    """
    with closing(database_of(site)) as database, database.build_lock(waiting):
        refuse_unadopted(site.store, database)
        publications.settle(database, audit.system(), site.published)
        if faults := verify.store_faults(database, site.published):
            raise SourceError(faults)
        store = Store(database)
        for leftover in site.published.parent.glob(".building-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        wanted = with_illustrative
        if wanted is None:
            wanted = choice.chosen(site, lambda: has_illustrative(site.published))
        illustrative = Illustrative(until or as_of, seed) if wanted else None
        publisher = Publisher(site, store, as_of, illustrative, progress)
        try:
            yield publisher
        finally:
            publisher.publish()
