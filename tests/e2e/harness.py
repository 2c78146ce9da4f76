"""What the end-to-end tests share: a database of their own, a gateway, a line that can be cut.

Needs the private stack (tools/stack env): PGHOST, PGUSER, ADIT_REDIS.
"""
import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIM = os.environ.get("ADIT_SIM") or str(ROOT / os.environ.get("BUILD", "build") / "adit-sim")
ADIT = str(ROOT / os.environ.get("BUILD", "build") / "adit")
NUMBER = "255712000100"


def wait_until(what, seconds=20, why="", every=0.05):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            got = what()
        except OSError:
            got = None
        if got:
            return got
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s: {why or what.__name__}")


class Line:
    """A TCP port that leads to a Unix socket, and can be cut and mended."""

    def __init__(self, target):
        self.target, self.up, self.pairs = target, True, []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            if not self.up:
                near.close()
                continue
            far = socket.socket(socket.AF_UNIX)
            try:
                far.connect(self.target)
            except OSError:
                near.close()
                continue
            self.pairs.append((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    @staticmethod
    def _carry(near, far):
        try:
            while True:
                for s in select.select([near, far], [], [])[0]:
                    data = s.recv(65536)
                    if not data:
                        return
                    (far if s is near else near).sendall(data)
        except (OSError, ValueError):
            pass
        finally:
            for s in (near, far):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                s.close()

    def cut(self):
        self.up = False
        for pair in self.pairs:
            for s in pair:
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs = []

    def mend(self):
        self.up = True


class World:
    """A folder with settings and secrets, a fresh database, and at most one gateway."""

    alone = True  # no other world of the same Redis is at work

    def __init__(self, name):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"adit-{name}-"))
        self.db = f"adit_{name}_{os.getpid()}"
        self.psql("postgres", f"create database {self.db}")
        self.pg_line = Line(os.environ["PGHOST"] + "/.s.PGSQL.5432")
        redis = os.environ["ADIT_REDIS"].removeprefix("unix:")
        self.redis_line = Line(redis)
        if self.alone:
            self.forget_phones(redis)
        self.secret("pepper", "00112233445566778899aabbccddeeff" * 2)
        self.process, self.port = None, None
        self.conf = self.dir / "adit.conf"
        self.write_conf()

    @staticmethod
    def forget_phones(redis):
        """The sessions that another test left stand open."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(redis)
            s.sendall(b"FLUSHALL\r\n")
            assert s.recv(16) == b"+OK\r\n"

    def psql(self, db, sql):
        return subprocess.run(["psql", "-d", db, "-Atqc", sql], check=True,
                              capture_output=True, text=True).stdout.strip()

    def sql(self, sql):
        return self.psql(self.db, sql)

    def secret(self, name, text):
        path = self.dir / name
        path.write_text(text + "\n")
        path.chmod(0o600)

    def write_conf(self, extra="", menus=ROOT / "config/menus", ussd=""):
        self.conf.write_text(f"""
http: {{ listen = "127.0.0.1:0"; drain = "8s"; }};
pg: {{ conninfo = "hostaddr=127.0.0.1 port={self.pg_line.port} user={os.environ['PGUSER']} dbname={self.db}"; }};
redis: {{ address = "127.0.0.1:{self.redis_line.port}"; }};
ussd: {{ menus = "{menus}"; locale = "{ROOT}/build/locale"; {ussd} }};
loans: {{ products = ""; }};
pin: {{ pepper_file = "pepper"; memory = "8KiB"; passes = 1; }};
{extra}""")

    def adit(self, *args, check=True):
        got = subprocess.run([ADIT, *args], capture_output=True, text=True, timeout=60)
        if check and got.returncode != 0:
            raise AssertionError(f"adit {' '.join(args)}: {got.returncode}\n{got.stdout}{got.stderr}")
        return got

    def migrate(self):
        self.adit("migrate", "--config", str(self.conf))

    def seed(self):
        self.adit("seed", "--config", str(self.conf))

    def start(self):
        self.log = self.dir / "gateway.log"
        with open(self.log, "ab") as log:
            began = self.log.stat().st_size
            self.process = subprocess.Popen([ADIT, "serve", "--config", str(self.conf)],
                                            stdout=log, stderr=log)

        def port():
            for line in self.log.read_text()[began:].splitlines():
                if " serving " in line:
                    return int(line.split(" port=")[1].split()[0])
            if self.process.poll() is not None:
                raise AssertionError("the gateway ended:\n" + self.log.read_text()[began:])
            return None

        self.port = wait_until(port, 15, "the gateway listens")

    def ready(self):
        return self.get("/readyz")[0] == 200

    def start_ready(self):
        self.start()
        wait_until(self.ready, 20, "readiness")

    def stop(self, sig=signal.SIGTERM, seconds=15):
        if self.process is None:
            return None
        self.process.send_signal(sig)
        status = self.process.wait(seconds)
        self.process = None
        return status

    def request(self, method, path, body=None, headers=None, timeout=20):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            c.request(method, path, body, headers or {})
            r = c.getresponse()
            return r.status, r.read().decode("utf-8", "replace")
        finally:
            c.close()

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def post_form(self, path, fields):
        return self.request("POST", path, urllib.parse.urlencode(fields),
                            {"Content-Type": "application/x-www-form-urlencoded"})

    def hop(self, session, text, number=NUMBER, path="/ussd/at"):
        return self.post_form(path, {"sessionId": session, "phoneNumber": "+" + number, "networkCode": "99999",
                                     "serviceCode": "*384*77#", "text": text})

    def metrics(self):
        return dict(line.rsplit(" ", 1) for line in self.get("/metrics")[1].splitlines()
                    if line and not line.startswith("#"))

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        subprocess.run(["psql", "-d", "postgres", "-qc", f"drop database if exists {self.db} with (force)"])
        if not os.environ.get("ADIT_KEEP"):
            shutil.rmtree(self.dir)


class Simulator:
    """The providers, on a free port; `flags` as adit-sim --help tells them."""

    def __init__(self, world, *flags, name="sim"):
        self.log = world.dir / f"{name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([SIM, "--listen", "127.0.0.1:0", *flags], stderr=log)

        def port():
            m = re.search(r"listening port=(\d+)", self.log.read_text())
            return m and int(m[1])

        self.port = wait_until(port, 40, "the simulator listens")
        self.url = f"http://127.0.0.1:{self.port}"

    def get(self, path):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.request("GET", path)
            return c.getresponse().read().decode()
        finally:
            c.close()

    def stop(self):
        self.process.kill()
        self.process.wait()


def run(name, tests):
    """Runs the functions one after the other in one world; the last line counts them."""
    world, passed, failed = World(name), 0, 0
    try:
        for test in tests:
            try:
                test(world)
                passed += 1
            except Exception as e:  # one broken test must not hide the others
                failed += 1
                print(f"FAILED {test.__name__}: {type(e).__name__}: {e}")
                log = getattr(world, "log", None)
                if log is not None:
                    print("\n".join("    " + line for line in log.read_text().splitlines()[-25:]))
    finally:
        world.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


__all__ = ["ADIT", "NUMBER", "ROOT", "SIM", "Line", "Simulator", "World", "json", "run", "signal", "socket", "threading", "time",
           "wait_until"]
