"""The SMSC that others wrote (npm smpp), as the end-to-end tests hold it."""
import atexit
import json
import random
import subprocess
import sys
import urllib.request

from harness import ROOT

PEERS = ROOT / "tests/peers"
MINER = f"2557130{random.randrange(100000):05}"  # Redis counts the SMS of a number over an hour


def install():
    got = subprocess.run([str(PEERS / "ready")]).returncode  # it says what is missing
    if got != 0:
        sys.exit(got)


class Smsc:
    def __init__(self, *args, port=0):
        self.process = subprocess.Popen(["node", str(PEERS / "smsc.js"), *args], stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL,
                                        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "SMPP_PORT": str(port)})
        atexit.register(self.kill)
        words = self.process.stdout.readline().split()
        self.port, self.control = int(words[1]), int(words[3])

    def ask(self, path, **body):
        rq = urllib.request.Request(f"http://127.0.0.1:{self.control}{path}", json.dumps(body).encode())
        with urllib.request.urlopen(rq, timeout=10) as r:
            return json.load(r)

    def behave(self, **how):
        base = {"submit": [], "receipts": "none", "ids": "dec", "receipt_ids": "dec", "enquire": True, "bind": 0,
                "stat": "DELIVRD"}
        return self.ask("/behave", **{**base, **how})

    def seen(self, command):
        return [p for p in self.ask("/seen")["seen"] if p["command"] == command]

    def binds(self):
        return self.ask("/seen")["binds"]

    def deliver(self, text, **fields):
        return self.ask("/deliver", **{"source_addr_ton": 1, "source_addr_npi": 1, "source_addr": MINER,
                                       "destination_addr": "384", "short_message": {"hex": text.encode().hex()}, **fields})

    def kill(self):
        self.process.kill()
        self.process.wait()


def conf(w, smsc, **extra):
    """Deadlines that no busy machine misses, but for those a test waits for."""
    w.secret("smpp", "secret08")
    rows = {"name": '"tz"', "host": '"127.0.0.1"', "port": smsc.port, "system_id": '"mgodi"',
            "password_file": '"smpp"', "source": '"MGODI"', "source_ton": 5, "per_second": 0, "ussd": '"generic"',
            "response": '"5s"', "enquire": '"1s"', "hold": '"10s"', **extra}
    w.write_conf("smpp = ( { " + " ".join(f"{k} = {v};" for k, v in rows.items()) + " } );\n"
                 + 'sms: { poll = "50ms"; per_second = 1000; }; at: { api_url = "http://127.0.0.1:9"; };', ussd='hop = "20s";')
