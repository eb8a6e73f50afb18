"""Readers without a browser: they speak Streamlit's protocol, so that many weigh on the server alone."""

import time
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol


class Reader:
    """Somebody who has a page open.

    Parameters
    ----------
    address
        Of the server.
    cookie
        What the browser sends along.
    """

    def __init__(self, address: str, cookie: str = "") -> None:
        self.address, self.cookie = address, cookie
        self.session_id = ""
        self.received = b""
        self._socket: ClientConnection

    async def __aenter__(self) -> "Reader":
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=Origin(self.address),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
            max_size=None,
            compression=None,
            proxy=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def ask(self, page: str, query: str) -> None:
        """Ask for a page of a link without waiting for it."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        await self._socket.send(asked.SerializeToString())

    async def read(self, page: str, query: str) -> float:
        """Ask for a page of a link; return the milliseconds until all of it was sent."""
        begun = time.perf_counter()
        await self.ask(page, query)
        received = []
        while True:
            told = ForwardMsg()
            received.append(bytes(await self._socket.recv(decode=False)))
            told.ParseFromString(received[-1])
            if told.WhichOneof("type") == "new_session":
                self.session_id = told.new_session.initialize.session_id
            if told.WhichOneof("type") == "script_finished" and told.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                self.received = b"".join(received)
                return 1000 * (time.perf_counter() - begun)

    def cut(self) -> None:
        """Lose the connection without a word."""
        self._socket.transport.abort()
