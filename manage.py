#!/usr/bin/env python3
"""Django's command line. It works beside a running `bin/up`, in the data folder named by ANDON_DATA_DIR."""

import os
import sys

import django.db.utils
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except django.db.utils.OperationalError:
        from django.conf import settings

        if settings.DATABASE_FROM_ENVIRONMENT or settings.EMBEDDED.running():
            raise
        sys.exit(
            f"andon: the embedded database in {settings.ANDON_DATA_DIR} is not running. "
            "Start it with bin/up, or name the folder of the one that runs with ANDON_DATA_DIR."
        )


if __name__ == "__main__":
    main()
