"""Once a day the running server looks whether its store still holds what was put into it."""

import asyncio
import logging

from starlette.concurrency import run_in_threadpool

from dashboard.gate import identity
from etl.store import audit, verify
from etl.store.audit import Actor
from geodata.settings import settings

DAY_SECONDS = 24 * 60 * 60

LOG = logging.getLogger(__name__)


def check_store() -> int:
    """Check the store if there is one, log each fault and enter the result; return how many there are."""
    site = settings()
    if not site.database and not (site.home / "store.sqlite").is_file():
        return 0
    store = identity.store()
    faults = verify.faults(store, site.published)
    for fault in faults:
        LOG.error("store: %s", fault.render(site.language))
    with store.write() as connection:
        result: audit.Result = "failed" if faults else "done"
        head = audit.append(connection, Actor("system:server"), "store.verify", "", result, str(len(faults)))
    audit.tell_system(head)
    return len(faults)


async def check_daily() -> None:
    """Check the store once a day, for the first time a day after the server began."""
    while True:
        await asyncio.sleep(DAY_SECONDS)
        try:
            await run_in_threadpool(check_store)
        except Exception:
            # It is to be checked tomorrow all the same.
            LOG.exception("The store can't be checked.")
