"""A Prefect server as a child process that ends with its parent, however that ended.

It serves on a socket of the parent's that stays open: when it dies another one takes over, and a
client sees no more of that than one broken request, which it sends again. It follows its standard
input, a pipe that closes with the parent.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from flows.orchestration import door

_STOP_SECONDS = 10
_STARTS = 3
_PAUSE_SECONDS = 2  # before another start of one that is started again for ever
_NOT_STARTED = 3  # exit status


class ServerProcess:
    """The server on `listener`, with `settings` of Prefect on top of its environment."""

    def __init__(
        self,
        listener: socket.socket,
        settings: Mapping[str, str],
        log: IO[bytes],
        *,
        auth: str,
        hosts: Sequence[str] = (),
        starts: int | None = _STARTS,
        on_restart: Callable[[], None] = lambda: None,
    ) -> None:
        self.listener, self.log, self.hosts = listener, log, hosts
        self.port = int(listener.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}/api"
        self.environment = {
            "PREFECT_UI_API_URL": self.address,  # else the UI's page asks at port 4200
            **os.environ, **door.environment(auth, self.port, hosts), **settings
        }  # fmt: skip
        self.starts, self.on_restart = starts, on_restart
        self.ending = self.lost = False
        self.process = self._start()
        self.thread = threading.Thread(target=self._look_after, daemon=True)
        self.thread.start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.orchestration.server_process",
             str(self.listener.fileno()), *self.hosts],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            pass_fds=[self.listener.fileno()],
            start_new_session=True,  # Ctrl-C is for the parent: the run's end is still to be told
        )  # fmt: skip

    def _look_after(self) -> None:
        started = 1
        while True:
            self.process.wait()
            if self.ending:
                return
            if self.process.returncode == _NOT_STARTED or started == self.starts:
                break
            self.on_restart()
            time.sleep(_PAUSE_SECONDS if self.starts is None else 0)
            if self.ending:
                return
            self.process = self._start()
            started += 1
        self.lost = True
        self.listener.close()  # clients are refused, rather than kept waiting

    def last_words(self) -> str:
        """Why there is no server, in one line."""
        self.log.seek(0)
        lines = self.log.read().decode("utf-8", "replace").splitlines()
        errors = [line.strip() for line in lines if re.match(r"\S*(Error|Exception)\b.*: ", line)]
        reason = errors[-1] if errors else "it ended again and again"
        return f"the local server did not start: {reason}"

    def stop(self) -> None:
        """End the process: it follows its standard input."""
        self.ending = True
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.listener.close()
        self.log.close()


def main(descriptor: int, hosts: Sequence[str]) -> None:
    """Serve on a listening socket until standard input ends."""
    import gc

    gc.disable()  # its imports make some million objects and no garbage: a quarter of their time
    import uvicorn
    from prefect.server.api.server import create_app

    with socket.socket(fileno=os.dup(descriptor)) as listener:
        port = int(listener.getsockname()[1])
    config = uvicorn.Config(
        door.application(create_app(), port, hosts),
        fd=descriptor, log_level="error", lifespan="on", access_log=False, server_header=False,
    )  # fmt: skip
    gc.freeze()
    gc.enable()
    server: Any = uvicorn.Server(config)

    def follow() -> None:
        while os.read(0, 1):
            pass
        server.should_exit = True
        time.sleep(_STOP_SECONDS)  # a client that holds its connection is not waited for
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
