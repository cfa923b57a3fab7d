"""The wire between a browser and the server, which can be cut: for a browser that nobody can tell to go offline."""

import select
import socket
import threading
from contextlib import suppress


class Wire:
    """A port of this machine through which a server is reached, until it is cut; mended, it is the same port."""

    def __init__(self, host: str, port: int) -> None:
        self.server = (host, port)
        self.port = 0
        self.mend()

    @property
    def address(self) -> str:
        """Where the server is reached through the wire."""
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        """Let connections through, as at the beginning."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(self.listener.getsockname()[1])
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def cut(self) -> None:
        """Refuse connections, and break those there are."""
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept()
        self.listener.close()
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                browser, _where = listener.accept()
                server = socket.create_connection(self.server)
                self.ends += [browser, server]
                threading.Thread(target=_carry, args=[browser, server], daemon=True).start()


def _carry(browser: socket.socket, server: socket.socket) -> None:
    """Pass on what each says to the other, until one has nothing more to say."""
    across = {browser: server, server: browser}
    with suppress(OSError), browser, server:
        while True:
            for end in select.select(list(across), [], [])[0]:
                said = end.recv(65536)
                if not said:
                    return
                across[end].sendall(said)
