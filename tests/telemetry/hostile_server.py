"""A source of metrics that misbehaves: it answers with the bytes a test gives it, at the pace a test gives it."""

import socket
import threading
from contextlib import contextmanager


def http(body, status="200 OK", *headers):
    """An answer as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@contextmanager
def answering(*pieces, pause=0.0, for_ever=b""):
    """Its address, and a list of what was asked. It sends `pieces`, then `for_ever` again and again, with pauses."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended, asked = threading.Event(), []

    def serve(connection):
        with connection:
            try:
                asked.append(connection.recv(65_536))
                for piece in pieces:
                    connection.sendall(piece)
                while for_ever and not ended.wait(pause):
                    connection.sendall(for_ever)
                if not pieces and not for_ever:
                    ended.wait()  # it never answers
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65_536):
                    pass  # closed with something unread, the answer would be lost
            except OSError:
                return  # they have had enough of it

    def accept():
        while not ended.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return  # it is closed
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
    finally:
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
