"""Where this person's own files lie: settings, logs, the demo study's default place.

`MTBX_HOME` moves everything under one folder (tests, portable installations). Only names places.
"""

import os
from pathlib import Path

import platformdirs

APP = "mtbx-gui"
HOME_VARIABLE = "MTBX_HOME"


def config_dir() -> Path:
    """The folder of the per-user settings; it may not exist yet."""
    moved = os.environ.get(HOME_VARIABLE)
    return Path(moved) / "config" if moved else platformdirs.user_config_path(APP)


def log_dir() -> Path:
    """The folder of the log file; it may not exist yet."""
    moved = os.environ.get(HOME_VARIABLE)
    return Path(moved) / "log" if moved else platformdirs.user_log_path(APP)


def documents_dir() -> Path:
    """Where new studies are offered to go; it may not exist yet."""
    moved = os.environ.get(HOME_VARIABLE)
    return Path(moved) / "studies" if moved else platformdirs.user_documents_path()
