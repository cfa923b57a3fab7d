"""Start, watch and stop child processes so that none of them can outlive its parent."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class ServiceError(RuntimeError):
    """A development service could not be started; the message says what to look at."""


def free_port(preferred: int | None = None) -> int:
    """A TCP port nobody listens on at 127.0.0.1: the preferred one when it is free."""
    for wanted in (preferred, 0) if preferred else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServiceError("No free TCP port on 127.0.0.1.")


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    parent_death_signal: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in its own group, its output appended to `log`.

    The kernel signals it when this process dies, even by kill -9, so nothing is left behind. `user`
    (only when running as root) drops the privileges, which PostgreSQL demands.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [*_privileges(command[0], parent_death_signal, user), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            start_new_session=True,
        )


def _privileges(program: str, parent_death_signal: signal.Signals, user: str | None) -> list[str]:
    """The `setpriv` prefix (util-linux, on every Debian) that ties a child to its parent."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is not None:
            raise ServiceError("`setpriv` (package util-linux) is needed to run PostgreSQL as root.")
        return []
    prefix = [setpriv, "--pdeathsig", parent_death_signal.name.removeprefix("SIG")]
    if user is not None:
        prefix += [f"--reuid={user}", "--regid=nogroup", "--clear-groups"]
        if not reachable_by_everyone(Path(program)):
            # A checkout under /root: better one capability for this process than opening /root to all.
            prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return prefix


def reachable_by_everyone(path: Path) -> bool:
    """Whether another user can traverse every folder above `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def alive(pid: int) -> bool:
    """Whether a process with this number runs (a zombie does not count)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def command_line(pid: int) -> str:
    """The command line of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def working_in(folder: Path) -> list[int]:
    """The processes whose working directory is this one, of those that we may look at."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == folder.resolve():
                found.append(int(link.parent.name))
    return found


def stop_pid(pid: int, *, first: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Ask a process to stop, wait `patience` seconds, then kill it."""
    for sent, wait in ((first, patience), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, sent)
        except ProcessLookupError:
            return
        if gone(lambda: not alive(pid), wait):
            return


def stop(process: subprocess.Popen[bytes], *, first: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """Stop a child: the polite signal to it, then SIGKILL to whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(first)
        gone(lambda: process.poll() is not None, patience)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def gone(check: Callable[[], bool], seconds: float) -> bool:
    """Poll until `check` holds or the time is over."""
    limit = time.monotonic() + seconds
    while not check():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def wait_until(
    check: Callable[[], bool], *, seconds: float, what: str, log: Path, process: subprocess.Popen[bytes] | None = None
) -> None:
    """Wait for a service to answer; raise ServiceError with the end of its log when it does not."""
    limit = time.monotonic() + seconds
    while not check():
        dead = process is not None and process.poll() is not None
        if dead or time.monotonic() > limit:
            reason = (
                f"stopped with code {process.returncode}" if dead and process else f"did not answer in {seconds:.0f} s"
            )
            raise ServiceError(f"{what} {reason}. Last lines of {log}:\n{tail(log)}")
        time.sleep(0.05)


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log file."""
    if not log.exists():
        return "(empty)"
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 20_000))
        return "\n".join(stream.read().decode(errors="replace").splitlines()[-lines:])
