"""One web process: `python -m config.web FD` serves on a socket that the supervisor opened for several."""

import socket
import sys

import uvicorn


def main() -> None:
    config = uvicorn.Config(
        "config.asgi:application",
        log_config=None,
        access_log=False,  # django-structlog writes one line for each request
        timeout_graceful_shutdown=5,
        timeout_keep_alive=30,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])


if __name__ == "__main__":
    main()
