"""What a connection may take before it has asked for anything: time for its headers, and a share of them all.

Uvicorn limits how many connections there are, but waits for the headers of one as long as it takes.
"""

import asyncio
from collections import Counter

from uvicorn.protocols.http.h11_impl import H11Protocol

from geodata.settings import settings

HEADERS_SECONDS = 10
"""So long the headers of a request may take to come, from the connection or from their first byte."""
MOST_CONNECTIONS = 1000
"""At once, pages that are open among them."""
MOST_FROM_ONE_ADDRESS = 200
"""Of these, unless the address is a trusted proxy's: a browser has six beside those of its open pages."""

_open: Counter[str] = Counter()


class Punctual(H11Protocol):
    """HTTP of connections that say in time what they want."""

    _late: asyncio.TimerHandle | None = None
    _address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if address not in settings().proxies:
            if _open[address] >= MOST_FROM_ONE_ADDRESS:
                transport.close()
                return
            self._address = address
            _open[address] += 1
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; what is still no whole request has to become one in time."""
        super().data_received(data)
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or self.transport.get_protocol() is not self:
            self._wait_no_more()
        elif self._late is None and self.conn.trailing_data[0]:
            self._wait()

    def handle_websocket_upgrade(self, event: object) -> None:
        """Hand the connection over: it is a page that is open, which has a limit of its own."""
        self._leave()
        super().handle_websocket_upgrade(event)  # type: ignore[arg-type]

    def on_response_complete(self) -> None:
        """Wait for another request: the time that uvicorn grants it is enough."""
        self._wait_no_more()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._leave()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._late = self.loop.call_later(HEADERS_SECONDS, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _leave(self) -> None:
        self._wait_no_more()
        if self._address:
            _open[self._address] -= 1
            if not _open[self._address]:
                del _open[self._address]
            self._address = ""
