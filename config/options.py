"""The options of `bin/up`, read before anything is installed: only Python's own library here."""

from __future__ import annotations  # an older Python gets as far as being told so

import argparse
import os
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """`port`, `host`, `data` (absolute), `demo`, `worker`. Ends the process where an option is wrong."""
    parser = argparse.ArgumentParser(
        prog="bin/up", description="Install what is missing and run all of Andon. Ctrl-C stops it."
    )
    parser.add_argument("--demo", action="store_true", help="load a sample organisation, with a practice Slack")
    parser.add_argument("--port", type=_port, default=8000, help="where the web listens (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="on which address (127.0.0.1)")
    parser.add_argument("--data", metavar="DIR", help="where it keeps its data (ANDON_DATA_DIR, else var/)")
    parser.add_argument(
        "--no-worker",
        dest="worker",
        action="store_false",
        help="without worker and scheduler: nothing is sent",
    )
    options = parser.parse_args(arguments)
    options.data = Path(options.data or os.environ.get("ANDON_DATA_DIR") or ROOT / "var").expanduser().resolve()
    return options


def listen(host: str, port: int) -> socket.socket:
    """The socket that the web's processes share. Ends the process where the address cannot be had."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        raise SystemExit(
            f"andon: cannot listen on {host} port {port}: {error.strerror}. "
            "Stop what uses it, or choose another with --port."
        ) from None
    listening.listen(1024)
    return listening


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")
    return int(text)
