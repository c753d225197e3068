"""The target of the benchmarks: an nginx of its own, in a directory of its own, on free ports of the loopback."""

import contextlib
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from measure import CouldNotRun, process_seconds

TEMPLATE = pathlib.Path(__file__).with_name("nginx.conf")
SLOW_BODY = b"x" * 199 + b"\n"


def free_ports(count: int) -> list[int]:
    """All held until the last is found, so that no two are the same."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Target:
    """Starts nginx on entering, stops it and removes its directory on leaving.

    `url` serves closed loops and constant rates, `endpoints` are four addresses of the same, `many_url` thousands of connections, `journey_url` answers with JSON,
    `slow_url` in about ten seconds. With `core`, the worker stays on that CPU. `python3 Benchmarks/target.py` runs it by itself.
    """

    def __init__(self, descriptors: int, core: int | None = None):
        self.descriptors = descriptors
        self.core = core

    def __enter__(self) -> "Target":
        if shutil.which("nginx") is None:
            raise CouldNotRun("nginx is not installed; on Debian: apt-get install nginx-light")
        # An nginx started by root serves as another user, who must be able to look into the directory.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="gale-bench-"))
        self.directory.chmod(0o755)
        (self.directory / "slow.txt").write_bytes(SLOW_BODY)
        try:
            # A port that was free may be taken by the time nginx binds it.
            for _ in range(3):
                if self._start():
                    return self
            raise CouldNotRun("nginx does not start: " + self._complaint())
        except BaseException:
            self.__exit__()
            raise

    def _start(self) -> bool:
        ports = free_ports(6)
        port, many_port, journey_port, *others = ports
        words = {
            "cpu_affinity": "" if self.core is None else f"worker_cpu_affinity {1 << self.core:b};",
            "descriptors": str(self.descriptors),
            "connections": str(self.descriptors - 64),
            "port": str(port),
            "many_port": str(many_port),
            "journey_port": str(journey_port),
        }
        words |= zip(("second_port", "third_port", "fourth_port"), map(str, others))
        text = TEMPLATE.read_text()
        for word, value in words.items():
            text = text.replace("{" + word + "}", value)
        (self.directory / "nginx.conf").write_text(text)
        with open(self.directory / "output.txt", "wb") as output:
            self.process = subprocess.Popen(
                ["nginx", "-p", str(self.directory), "-c", "nginx.conf", "-e", "error.log"],
                cwd=self.directory, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        for _ in range(100):
            if self.process.poll() is not None:
                return False
            if all(map(accepts, ports)):
                self.endpoints = [f"127.0.0.1:{each}" for each in (port, *others)]
                self.url = f"http://127.0.0.1:{port}/"
                self.journey_url = f"http://127.0.0.1:{journey_port}"
                self.many_url = f"http://127.0.0.1:{many_port}/"
                self.slow_url = f"http://127.0.0.1:{many_port}/slow"
                return True
            time.sleep(0.05)
        self._stop()
        return False

    def _complaint(self) -> str:
        return " ".join((self.directory / name).read_text().strip() for name in ("output.txt", "error.log")
                        if (self.directory / name).exists())

    def _stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __exit__(self, *_) -> None:
        if getattr(self, "process", None) is not None:
            self._stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def cpu_seconds(self) -> float:
        """User and system time of nginx so far, master and worker."""
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(process_seconds(int(pid)) for pid in [self.process.pid, *children])


if __name__ == "__main__":
    # Both as an exception, so that nginx is stopped and the directory removed on the way out.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: sys.exit(0))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Target(descriptors=soft) as running:
        print(running.url, running.many_url, running.slow_url, sep="\n", flush=True)
        while True:
            signal.pause()
