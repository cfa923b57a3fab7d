"""Children are stopped with their parent, whatever happens to it."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools.paths import REPOSITORY
from devtools.processes import ServiceError, alive, free_port, reachable_by_everyone, spawn, stop, tail, wait_until

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]


def eventually(check: object, seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if check():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_a_busy_port_is_not_given(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        assert free_port(busy) not in {0, busy}
    assert free_port(busy) == busy


def test_a_stopped_process_is_gone_with_its_children(tmp_path: Path) -> None:
    code = f"import subprocess, time; print(subprocess.Popen({SLEEPER!r}).pid, flush=True); time.sleep(600)"
    process = spawn([sys.executable, "-c", code], log=tmp_path / "log")
    assert eventually(lambda: "up" in tail(tmp_path / "log"))
    child = int(tail(tmp_path / "log").replace("up", "").split()[0])
    stop(process)
    assert not alive(process.pid)
    assert eventually(lambda: not alive(child))


def test_a_process_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    process = spawn([sys.executable, "-c", code], log=tmp_path / "log")
    assert eventually(lambda: "up" in tail(tmp_path / "log"))
    stop(process, patience=0.3)
    assert process.returncode == -signal.SIGKILL


def test_no_child_survives_the_kill_of_its_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from devtools.processes import spawn\n"
        f"child = spawn({SLEEPER!r}, log=Path({str(tmp_path / 'log')!r}))\n"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert eventually(lambda: "up" in tail(tmp_path / "log"))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert eventually(lambda: not alive(child))


def test_a_service_that_dies_at_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    process = spawn([sys.executable, "-c", "raise SystemExit('no configuration')"], log=tmp_path / "log")
    with pytest.raises(ServiceError, match="no configuration"):
        wait_until(lambda: False, seconds=20, what="The service", log=tmp_path / "log", process=process)


def test_a_service_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="did not answer"):
        wait_until(lambda: False, seconds=0.1, what="The service", log=tmp_path / "log")


def test_a_closed_folder_is_seen(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not reachable_by_everyone(closed / "program")
