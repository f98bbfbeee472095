"""Running the command line as a person does: its own process, an empty home, nothing of this machine's AWS settings."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import REPOSITORY

Done = subprocess.CompletedProcess[str]
KEYS = {"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "test"}
PRODUCTION_ROLE = "arn:aws:iam::111122223333:role/auditor-read"


@dataclass(frozen=True)
class Person:
    """Someone in a folder, with variables set."""

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def auditor(self, *arguments: str, **more: str) -> Done:
        """Run a command; warnings are errors."""
        foreign = ("AWS_", "AUDITOR_", "XDG_")
        bare = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        own = {"HOME": str(self.folder / "home"), "PYTHONPATH": str(REPOSITORY), "AWS_EC2_METADATA_DISABLED": "true"}
        (self.folder / "home").mkdir(exist_ok=True)
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "auditor", *arguments],
            cwd=self.folder,
            env={**bare, **own, **self.variables, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def with_keys(self, endpoint: str) -> "Person":
        """Return the same person with credentials and a place to ask."""
        asked = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "eu-west-1", "AUDITOR_REDACTION_KEY": "k"}
        return Person(self.folder, {**self.variables, **KEYS, **asked})
