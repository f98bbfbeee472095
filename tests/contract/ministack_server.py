"""ministack, a second simulated AWS, in a process of its own: its own environment, a free port of 127.0.0.1, ended by its id."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
EXECUTABLE = REPOSITORY / ".venv-ministack" / "bin" / "ministack"
_SECONDS_TO_START = 60


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Run it and yield its endpoint; what it writes stays in the folder."""
    assert EXECUTABLE.exists(), "the contract tests need .venv-ministack; `./run test` makes it"
    port = _free_port()
    log = (folder / "ministack.log").open("wb")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": "eu-west-1",
        # No container runtime is looked for.
        "DOCKER_HOST": f"unix://{folder}/no-docker.sock",
    }
    with log, subprocess.Popen([EXECUTABLE], env=environment, cwd=folder, stdout=log, stderr=log) as process:
        try:
            endpoint = f"http://127.0.0.1:{port}"
            _wait(endpoint, process)
            yield endpoint
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(endpoint: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{endpoint}/_ministack/health", timeout=2) as answer:  # noqa: S310 - our own http:// address
                json.load(answer)
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError, json.JSONDecodeError):
            time.sleep(0.2)
    raise AssertionError("ministack did not start")
