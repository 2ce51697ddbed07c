"""Sets a document with Typst, as a program of its own: `python typesetting.py < request`, so that it can be stopped.

The request is one object of JSON on standard input: {"format": "pdf" or "png", "seconds": since 1970, "files": {path:
Base64}}. The file main.typ reads the others, which lie in a folder of their own while it works. The answer stands on
standard output: the PDF, or Base64 of each page, a line each. It knows nothing of Django, reaches no network and reads
nothing but that folder and the fonts of the machine.
"""

import base64
import json
import resource
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

SECONDS = 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    request = json.load(sys.stdin.buffer)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "images").mkdir()
        for path, content in request["files"].items():
            (folder / path).write_bytes(base64.b64decode(content))
        main = str(folder / "main.typ")
        made = typst.compile(main, root=name, format=request["format"], timestamp=request["seconds"], ppi=110)
    if request["format"] == "pdf":
        sys.stdout.buffer.write(made)
        return
    for page in made if isinstance(made, list) else [made]:
        sys.stdout.buffer.write(base64.b64encode(page) + b"\n")


if __name__ == "__main__":
    main()
