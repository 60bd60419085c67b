"""Servers on this machine that take messages: HTTP (a webhook, Alertmanager) and SMTP."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Taken:
    """What a server has taken, and how it answers next."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], object]] = []
        self.letters: list[str] = []
        self.status = 200
        self.hangs_up = False  # after it has read the message
        self.refuses: str = ""  # an SMTP answer to DATA


@contextmanager
def http_server() -> Iterator[tuple[str, Taken]]:
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            taken.requests.append((self.path, dict(self.headers), json.loads(content)))
            if taken.hangs_up:
                self.close_connection = True
                return
            self.send_response(taken.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        yield from _running(server, f"http://127.0.0.1:{server.server_port}", taken)


class Mailbox(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 for one letter at a time."""

    box: Taken

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line.upper()
            if command.startswith("DATA"):
                if not self._take():
                    return
            elif command.startswith("RCPT") and "nobody" in line:
                self._say("550 no such user")
            elif command.startswith("QUIT"):
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        self.box.letters.append("".join(lines))
        if self.box.hangs_up:
            return False
        self._say(self.box.refuses or "250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def smtp_server() -> Iterator[tuple[str, Taken]]:
    taken = Taken()

    class Handler(Mailbox):
        box = taken

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        yield from _running(server, f"smtp://127.0.0.1:{server.server_address[1]}", taken)


def _running(server: socketserver.BaseServer, url: str, taken: Taken) -> Iterator[tuple[str, Taken]]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield url, taken
    finally:
        server.shutdown()
        thread.join()
