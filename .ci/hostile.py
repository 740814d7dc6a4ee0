#!/usr/bin/env python3
"""Sends the service what fills memory, in a heap of 512 MB, and checks that it is refused or bounded and that the process lives.

    python3 .ci/hostile.py JAR [--heap 512m] [--only NAME]

After each attack the service must still answer a prediction, in the same process. Prints what each attack was answered,
and how much of the heap is in use after it. Exits 1 if the process has ended, is deaf or has answered with a fault of its own.
Needs Python 3.9 or newer, and a JDK 25 in JAVA.
"""

import argparse
import gzip
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zlib

JAVA = os.environ.get("JAVA", "java")
PREDICTION = "/api/v1/models/small/predictions?inputs=0,1"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Service:
    def __init__(self, jar, heap, directory):
        self.port = free_port()
        self.log = directory / "service.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [JAVA, f"-Xmx{heap}", "-jar", jar, f"--server.port={self.port}", f"--backprop.data-directory={directory}/data"],
                stdout=log, stderr=log)
        deadline = time.time() + 600
        while True:
            try:
                if self.request("GET", "/actuator/health/readiness")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            if self.process.poll() is not None or time.time() > deadline:
                sys.exit(f"the service did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.5)

    def request(self, method, path, body=None, timeout=120, **headers):
        """Status and text; 0 and what went wrong if no answer came."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def try_request(self, *args, **kwargs):
        try:
            return self.request(*args, **kwargs)
        except (OSError, http.client.HTTPException) as e:
            return 0, repr(e)

    def heap(self):
        status, text = self.try_request("GET", "/actuator/metrics/jvm.memory.used?tag=area:heap")
        return int(json.loads(text)["measurements"][0]["value"]) >> 20 if status == 200 else -1


def gzipped(begin, again, count, end=b""):
    """A gzip of a text that repeats, made without holding it."""
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [z.compress(begin)]
    block = again * max(1, (1 << 20) // len(again))
    for _ in range(max(1, count // max(1, (1 << 20) // len(again)))):
        parts.append(z.compress(block))
    parts += [z.compress(end), z.flush()]
    return b"".join(parts)


def at_once(count, task):
    """What so many threads come to."""
    results = [None] * count

    def run(i):
        results[i] = task(i)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return results


def statuses(results):
    found = {}
    for status, _ in results:
        found[status] = found.get(status, 0) + 1
    return found


def part(begin, again, count=60_000_000):
    """An attack by a body one part of which goes on, sent by four clients at once."""
    def attack(service):
        body = gzipped(begin, again, count)
        results = at_once(4, lambda _: service.try_request(
            "POST", "/api/v1/trainings", body, Content_Type="application/json", Content_Encoding="gzip"))
        return results, [text for _, text in results]
    return attack


def long_strings(service):
    body = gzipped(b'{"model": "', b"a", 250_000_000)
    results = at_once(8, lambda _: service.try_request(
        "POST", "/api/v1/trainings", body, Content_Type="application/json", Content_Encoding="gzip"))
    return results, []


def long_names(service):
    body = gzipped(b'{"data": {"rows": [{"', b"a", 250_000_000)
    results = at_once(8, lambda _: service.try_request(
        "POST", "/api/v1/trainings", body, Content_Type="application/json", Content_Encoding="gzip"))
    return results, []


def hold(service, request, most, receive=None):
    """Opens connections and sends each the request, until so many are open or the service takes no more."""
    held = []
    refused = 0
    while len(held) < most and refused < 5 and service.process.poll() is None:
        s = socket.socket()
        if receive:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        s.settimeout(2)
        try:
            s.connect(("127.0.0.1", service.port))
            s.sendall(request)
            refused = 0
        except OSError:
            refused += 1
        held.append(s)
    time.sleep(3)
    return held


def attack_by(request, most, receive=None):
    """An attack by connections that are held, and then let go of all at once."""
    def attack(service):
        for s in hold(service, request, most, receive):
            s.close()
        return [(200, "")], []
    return attack


def softmax(outputs):
    def attack(service):
        row = [1] + [0] * (outputs - 1)
        body = json.dumps({"model": "sm", "data": {"inputs": [[0], [1]], "targets": [row, row]},
                           "network": {"layers": [{"type": "dense", "units": 1}], "output": {"activation": "softmax"}},
                           "training": {"epochs": 1, "batchSize": 1}})
        results = [service.try_request("POST", "/api/v1/trainings", body, Content_Type="application/json", Prefer="wait=60")
                   for _ in range(4)]
        return results, []
    return attack


def warnings(service):
    """Data sets of as many columns as there may be, without names, and the lists of them."""
    line = b"," * 49_999 + b"\n"
    body = gzip.compress(line + b"1" + line)
    results = [service.try_request("POST", f"/api/v1/datasets?name=wide{i}", body, Content_Type="text/csv", Content_Encoding="gzip")
               for i in range(70)]
    results += at_once(4, lambda _: service.try_request("GET", "/api/v1/datasets?limit=500"))
    results += at_once(4, lambda _: service.try_request("GET", "/api/v1/trainings?limit=500"))
    for status, text in results[:70]:
        if status == 201:
            service.try_request("DELETE", "/api/v1/datasets/" + json.loads(text)["id"])
    return results, [text for status, text in results[-8:] if status == 200]


def slow_readers(service):
    """Clients that ask for much and read nothing."""
    body = ('{"inputs": [' + ",".join("[0,1]" for _ in range(200_000)) + "]}").encode()
    head = (f"POST /api/v1/models/small/predictions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    return attack_by(head + body, 100, 4096)(service)


def slow_cards(service):
    """Clients that ask for a long history and read nothing."""
    training = json.dumps({"model": "long", "data": {"inputs": [[0], [1]], "targets": [[0], [1]]},
                           "network": {"layers": []}, "training": {"epochs": 10_000, "earlyStopping": None}})
    status, text = service.try_request("POST", "/api/v1/trainings", training, Content_Type="application/json", Prefer="wait=60")
    path = json.loads(text)["links"]["self"] if status == 202 else "/"
    results, texts = attack_by(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 600, 4096)(service)
    return results + [(status, "")], texts


def silence(service):
    """Clients that stop within a head, within a body, or before both: each is let go after twenty seconds."""
    begun = time.time()
    held = []
    for sent in (b"", b"GET /api/v1/models HTTP/1.1\r\nHost: x\r\nX:", SLOW_STRING[:200]):
        s = socket.create_connection(("127.0.0.1", service.port), timeout=60)
        s.sendall(sent)
        held.append(s)
    results = []
    for s in held:
        answer = b""
        try:
            while part := s.recv(1 << 16):
                answer += part
            took = time.time() - begun
            results.append((200 if 15 < took < 40 else 0, f"after {took:.0f} s: {answer[:40]}"))
        except OSError as e:
            results.append((0, repr(e)))
        s.close()
    return results, []


# Most of a text, which the clients never end.
SLOW_STRING = (b"POST /api/v1/trainings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000000\r\n\r\n"
               + b'{"model": "' + b"a" * 1_000_000)

# A request whose head never ends: each takes the buffers of a whole one.
HALF_HEAD = b"GET /api/v1/models HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 60_000

ATTACKS = {
    "missing": part(b'{"data": {"missing": [', b'"ab",'),
    "layers": part(b'{"network": {"layers": [', b'{"type":"dense","units":1},', 9_000_000),
    "taus": part(b'{"network": {"loss": {"type": "quantile", "taus": [', b"0.5,"),
    "target": part(b'{"data": {"target": [', b'"ab",'),
    "betas": part(b'{"training": {"optimizer": {"type": "adam", "beta1": [', b"1,"),
    "strings": long_strings,
    "names": long_names,
    "slow-strings": attack_by(SLOW_STRING, 300),
    "softmax-6000": softmax(6000),
    "softmax-1000": softmax(1000),
    "warnings": warnings,
    "half-heads": attack_by(HALF_HEAD, 3000),
    "slow-readers": slow_readers,
    "slow-cards": slow_cards,
    "silence": silence,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jar")
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--only")
    args = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        service = None
        for name, attack in ATTACKS.items():
            if args.only and name not in args.only.split(","):
                continue
            if service is None:
                for old in pathlib.Path(directory).glob("data/*"):
                    old.unlink()
                service = Service(args.jar, args.heap, pathlib.Path(directory))
                small = {"model": "small", "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]]},
                         "training": {"epochs": 5}}
                status, text = service.request("POST", "/api/v1/trainings", json.dumps(small), Content_Type="application/json", Prefer="wait=60")
                if status != 202:
                    sys.exit(text)
            begun = time.time()
            results, texts = attack(service)
            took = time.time() - begun
            deadline = time.time() + 60
            while True:
                alive = service.process.poll() is None
                answer = service.try_request("GET", PREDICTION, timeout=10) if alive else (0, "")
                if not alive or answer[0] == 200 or time.time() > deadline:
                    break
                time.sleep(0.5)
            faults = [text for status, text in results if status in (0, 500) or '"state":"failed"' in text]
            good = answer[0] == 200 and not faults
            said = results[0][1][:160].replace("\n", " ")
            longest = max((len(text) for text in texts), default=0)
            print(f"{name:14} {'held' if good else 'BROKEN'}: {statuses(results)} in {took:.1f} s, process "
                  f"{'lives' if alive else 'ended with ' + str(service.process.returncode)}, answers {answer[0]}, "
                  f"heap {service.heap() if alive else '-'} MB, longest answer {longest >> 10} KB; {said}", flush=True)
            if not good:
                failed = 1
                print("   " + "\n   ".join(service.log.read_text().splitlines()[-3:])[:600], flush=True)
                service.process.kill()
                service.process.wait()
                service = None
        if service:
            service.process.kill()
            service.process.wait()
    sys.exit(failed)


if __name__ == "__main__":
    main()
