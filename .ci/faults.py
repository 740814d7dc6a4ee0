#!/usr/bin/env python3
"""Kills the service, its database and its disk while clients work with it, and checks that nothing that was accepted is lost.

    python3 .ci/faults.py kills  JAR [--kills 200] [--postgres URL]     kill -9 at random moments, over a loop of
                                                                        submit, train, upload, predict
    python3 .ci/faults.py upload JAR [--postgres URL]                   kill -9 in the middle of an upload and of a training
    python3 .ci/faults.py outage JAR --postgres URL --down CMD --up CMD [--seconds 20]
                                                                        the database goes away and comes back
    python3 .ci/faults.py disk   JAR DIRECTORY                          a small file system that fills up (SQLite)
    python3 .ci/faults.py former OLD_JAR JAR --postgres URL             the former version and this one on one database, and then
                                                                        this one alone

URL is a JDBC URL with user and password, such as `jdbc:postgresql://127.0.0.1/backprop?user=backprop&password=…`; two processes
share it. Without it there is one process over SQLite, in a directory that goes away afterwards. Prints what was done and
counted, and exits 1 if a promise was broken. Needs Python 3.9 or newer, and a JDK 25 in JAVA.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

JAVA = os.environ.get("JAVA", "java")

# What may go wrong between a client and a replica that is killed.
BROKEN = (OSError, http.client.HTTPException)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Replica:
    """One process of the service, which may be killed and started again on the same port."""

    def __init__(self, jar, directory, name, options):
        self.jar, self.directory, self.name, self.options = jar, pathlib.Path(directory), name, options
        self.archive = ["-Xlog:cds=off", "-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={self.directory}/{name}.jsa"]
        self.port = free_port()
        self.process = None
        self.starts = 0

    def start(self):
        self.starts += 1
        with open(self.directory / f"{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [JAVA, "-Xmx400m", *self.archive, "-jar", self.jar, f"--server.port={self.port}", *self.options],
                stdout=log, stderr=log, cwd=self.directory)
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def request(self, method, path, body=None, timeout=20, **headers):
        """The status, the body as text and the headers. Raises one of BROKEN if no whole answer came."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode(), {k.lower(): v for k, v in response.getheaders()}
        finally:
            connection.close()

    def get(self, path, timeout=20):
        status, body, _ = self.request("GET", path, timeout=timeout)
        return status, json.loads(body)

    def ready(self, patience=90):
        """Waits until it is ready for requests."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
            try:
                if self.request("GET", "/actuator/health/readiness", timeout=5)[0] == 200:
                    return self
            except BROKEN:
                pass
            time.sleep(0.1)
        raise SystemExit(f"{self.name} does not become ready:\n{self.tail()}")

    def tail(self):
        return "\n".join((self.directory / f"{self.name}.log").read_text(errors="replace").splitlines()[-30:])


class Checks:
    """Counts what was seen, and remembers what must not have been."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = collections.Counter()
        self.broken = []

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def expect(self, right, what):
        if not right:
            with self.lock:
                self.broken.append(what)
                print(f"broken: {what}", flush=True)
        return right

    def end(self):
        for what, n in sorted(self.counts.items()):
            print(f"  {what}: {n}")
        for what in self.broken:
            print(f"BROKEN: {what}")
        print(f"{len(self.broken)} promises broken", flush=True)
        return 1 if self.broken else 0


# ---- What is trained: the same few trainings again and again, so that each has one right result.


def table(seed, rows=1500):
    draw = random.Random(seed)
    lines = ["size,kind,y"]
    for _ in range(rows):
        x, kind = draw.random(), draw.choice("abc")
        lines.append(f"{x:.4f},{kind},{x * (2 if kind == 'a' else -1) + 0.01 * draw.random():.5f}")
    return "\n".join(lines) + "\n"


def bare(seed, rows=1500):
    draw = random.Random(seed)
    inputs = [[round(draw.uniform(-1, 1), 3) for _ in range(8)] for _ in range(rows)]
    return {"inputs": inputs, "targets": [[round(row[0] * row[1] + row[2], 4)] for row in inputs]}


DENSE = {"type": "dense", "units": 64}
LAYERS = (
    [DENSE, DENSE],
    [DENSE, {"type": "dropout", "rate": 0.2}, {"type": "dense", "units": 32}],
    [DENSE, {"type": "batch-norm"}, {"type": "dense", "units": 32, "activation": "tanh"}],
)
QUERY = {"bare": "inputs=0.1,0.2,0.3,0.4,-0.5,-0.6,0.7,0.8", "table": "size=0.4&kind=a"}
KINDS = 4


def training(kind, model, dataset, batch=64):
    """The request of one of KINDS trainings; the last learns from a data set."""
    settings = {"epochs": 150 + 100 * kind, "batchSize": batch, "seed": kind, "earlyStopping": None}
    if kind == KINDS - 1:
        data = {"dataset": dataset, "target": "y"}
        settings["averaging"] = {"type": "ema", "decay": 0.99}
        return {"model": model, "data": data, "training": settings}
    return {"model": model, "data": bare(kind), "network": {"layers": LAYERS[kind]}, "training": settings}


def query(kind):
    return QUERY["table" if kind == KINDS - 1 else "bare"]


class Work:
    """Clients that submit, wait and predict on whatever replica answers."""

    def __init__(self, replicas, checks):
        self.replicas, self.checks = replicas, checks
        self.right = {}  # the answer of each kind of training, from one that nobody disturbed
        self.accepted = {}  # by model: the id of its training, its kind
        self.live = []  # models that were seen to answer, with their kind
        self.stopping = threading.Event()
        self.lock = threading.Lock()

    def anybody(self, method, path, body=None, **headers):
        """Asks replicas in turns until one has answered for good."""
        while True:
            replica = random.choice(self.replicas)
            try:
                status, text, seen = replica.request(method, path, body, **headers)
            except BROKEN:
                self.checks.count("requests without an answer, sent again")
                time.sleep(0.1)
                continue
            self.checks.expect(status < 500 or status in (503, 507), f"{method} {path} was answered {status} {text[:300]}")
            code = json.loads(text).get("code") if status >= 400 else None
            if status in (429, 503) or code == "idempotency-key-in-use":
                self.checks.count(f"answers {status} {code}")
                self.checks.expect(status == 409 or "retry-after" in seen, f"{status} without Retry-After: {text[:200]}")
                time.sleep(0.2)
                continue
            return status, json.loads(text)

    def upload(self):
        """A data set, uploaded once however often it must be sent."""
        name = f"table-{uuid.uuid4().hex[:8]}"
        status, told = self.anybody("POST", f"/api/v1/datasets?name={name}", table(7), Content_Type="text/csv", Idempotency_Key=name)
        self.checks.expect(status == 201, f"an upload was answered {status} {told}")
        return told["id"]

    def send(self, request):
        """A training, sent until it is accepted; its id."""
        status, told = self.anybody("POST", "/api/v1/trainings", request, Idempotency_Key=request["model"])
        self.checks.expect(status == 202, f"a training was answered {status} {json.dumps(told)[:300]}")
        return told["id"]

    def submit(self, kind, model, dataset):
        id = self.send(training(kind, model, dataset, batch=8))  # some seconds, so that kills meet it
        with self.lock:
            self.accepted[model] = (id, kind)
        self.checks.count("trainings accepted")
        return id

    def wait(self, id, patience=240):
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            status, told = self.anybody("GET", f"/api/v1/trainings/{id}")
            if not self.checks.expect(status == 200, f"training {id}, which was accepted, is answered {status}"):
                return None
            if told["state"] in ("succeeded", "failed", "cancelled"):
                return told
            time.sleep(0.1)
        self.checks.expect(False, f"training {id} has not ended after {patience} s: {told['state']}, {told['progress']}")
        return None

    def predict(self, model, kind):
        status, told = self.anybody("GET", f"/api/v1/models/{model}/predictions?{query(kind)}")
        if self.checks.expect(status == 200, f"{model}, which succeeded, is answered {status} {told}"):
            answer = told.get("outputs", told.get("prediction"))
            self.checks.expect(told["version"] == 1, f"{model} answers as version {told['version']}")
            self.checks.expect(self.right.setdefault(kind, answer) == answer, f"{model} answers {answer}, right is {self.right[kind]}")
            self.checks.count("right predictions")

    def client(self, number):
        n = 0
        dataset = self.upload()
        while not self.stopping.is_set():
            n += 1
            model = f"c{number}-{n}"
            kind = random.randrange(KINDS)
            if kind == KINDS - 1 and n % 3 == 0:
                dataset = self.upload()
            id = self.submit(kind, model, dataset)
            end = self.wait(id)
            if end and end["state"] == "succeeded":
                self.predict(model, kind)
                with self.lock:
                    self.live.append((model, kind))

    def reader(self):
        """Models that have answered once go on answering the same."""
        while not self.stopping.is_set():
            with self.lock:
                known = random.choice(self.live) if self.live else None
            if known:
                self.predict(*known)
            time.sleep(0.05)

    def settle(self):
        """What must be true when everything has ended."""
        ends = collections.Counter()
        for model, (id, kind) in sorted(self.accepted.items()):
            end = self.wait(id)
            if end is None:
                continue
            status, listed = self.anybody("GET", f"/api/v1/trainings?model={model}")
            self.checks.expect(len(listed["items"]) == 1, f"{model} was submitted once and has {len(listed['items'])} trainings")
            status, card = self.anybody("GET", f"/api/v1/models/{model}")
            if end["state"] == "succeeded":
                ends["one version"] += 1
                self.checks.expect(status == 200 and len(card["versions"]) == 1, f"{model} succeeded, and is answered {status}")
                self.predict(model, kind)
            else:
                ends[f"no version, {end['error']['code']}"] += 1
                self.checks.expect(status == 404, f"{model} {end['state']}, and there is a model")
        for what, n in sorted(ends.items()):
            print(f"  accepted trainings that ended in {what}: {n}")
        self.checks.expect(sum(ends.values()) == len(self.accepted), "every accepted training has an end")


def replicas_of(arguments, directory):
    count = 2
    if arguments.postgres:
        url, _, credentials = arguments.postgres.partition("?")
        given = dict(part.split("=", 1) for part in credentials.split("&"))
        options = [f"--spring.datasource.url={url}", f"--spring.datasource.username={given['user']}",
                   f"--spring.datasource.password={given['password']}"]
    else:
        options, count = [f"--backprop.data-directory={arguments.other or directory}/data"], 1
    options += ["--backprop.storage=jdbc", "--backprop.training.checkpoint-interval=100ms"]
    return [Replica(arguments.jar, directory, f"replica{i + 1}", options) for i in range(count)]


def started(checks, replicas):
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.ready()
    return Work(replicas, checks)


def resumptions(replicas):
    """At which epoch trainings went on from a checkpoint."""
    texts = [(replica.directory / f"{replica.name}.log").read_text(errors="replace") for replica in replicas]
    return [int(epoch) for text in texts for epoch in re.findall(r"goes on from a checkpoint: (\d+) of", text)]


def logs_are_clean(checks, replicas):
    """Whatever happened, nobody has been surprised."""
    for replica in replicas:
        text = (replica.directory / f"{replica.name}.log").read_text(errors="replace")
        traces = re.findall(r"^(?:\S+Exception|\S+Error)\b.*|^Caused by:.*|^\tat .*", text, re.M)
        checks.expect(not traces, f"{replica.name} logs a stack trace: {traces[:3]}")


def kills(arguments, checks, replicas):
    work = started(checks, replicas)
    for replica in replicas:  # Leaves an archive of classes, with which the next starts are faster.
        replica.stop()
        replica.start().ready()
    dataset = work.upload()
    for kind in range(KINDS):
        end = work.wait(work.submit(kind, f"undisturbed-{kind}", dataset))
        checks.expect(end and end["state"] == "succeeded", f"an undisturbed training ends as {end}")
        work.predict(f"undisturbed-{kind}", kind)
    threads = [threading.Thread(target=work.client, args=(i,), daemon=True) for i in range(3)]
    threads.append(threading.Thread(target=work.reader, daemon=True))
    for thread in threads:
        thread.start()
    began = time.monotonic()
    gap = arguments.gap / len(replicas)
    for kill in range(arguments.kills):
        time.sleep(random.uniform(0, 2 * gap))
        victim = random.choice(replicas)
        victim.kill()
        victim.start()
        if (kill + 1) % 20 == 0:
            print(f"{kill + 1} kills after {time.monotonic() - began:.0f} s, {len(work.accepted)} trainings accepted", flush=True)
    work.stopping.set()
    for replica in replicas:
        replica.ready()
    for thread in threads:
        thread.join(300)
        checks.expect(not thread.is_alive(), "a client is stuck")
    work.settle()
    print(f"{arguments.kills} kills of {len(replicas)} processes in {time.monotonic() - began:.0f} s, "
          f"{len(resumptions(replicas))} times a training went on from a checkpoint")


def upload(arguments, checks, replicas):
    work = started(checks, replicas)
    first = replicas[0]

    print("killed in the middle of an upload", flush=True)
    rows = table(7, 200_000).encode()
    with socket.create_connection(("127.0.0.1", first.port)) as s:
        s.sendall(b"POST /api/v1/datasets?name=half HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                  b"Idempotency-Key: half\r\nContent-Length: %d\r\n\r\n" % len(rows))
        s.sendall(rows[: len(rows) // 2])
        time.sleep(1)
        first.kill()
    first.start().ready()
    for replica in replicas:
        _, listed = replica.get("/api/v1/datasets")
        checks.expect(listed["items"] == [], f"{replica.name} lists a data set that was never whole")
    status, told = work.anybody("POST", "/api/v1/datasets?name=half", rows, Content_Type="text/csv", Idempotency_Key="half", timeout=120)
    checks.expect(status == 201 and told["rows"] == 200_000, f"sent again, it is answered {status}")

    print("killed in the middle of a training", flush=True)
    long = training(2, "interrupted", None)
    long["training"]["epochs"] = 6000
    status, text, _ = first.request("POST", "/api/v1/trainings", long)
    checks.expect(status == 202, f"a training is answered {status}")
    id = json.loads(text)["id"]
    seen = 0
    while seen < 200:
        _, told = first.get(f"/api/v1/trainings/{id}")
        seen = told["progress"]["epoch"]
        time.sleep(0.05)
    time.sleep(2.5)
    for replica in replicas:
        replica.kill()
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.ready()
    began = time.monotonic()
    end = work.wait(id)
    checks.expect(end and end["state"] == "succeeded", f"the interrupted training ends as {end and end['error']}")
    checks.expect(end and [e["epoch"] for e in end["history"]] == list(range(1, 6001)), "its history has every epoch once")
    resumed = resumptions(replicas)
    checks.expect(resumed and max(resumed) > seen, f"it was seen at epoch {seen}, and goes on from {resumed}")
    print(f"  ended {time.monotonic() - began:.1f} s after the restart, went on from epoch {resumed}, was seen at {seen} before")
    long["model"] = "undisturbed"
    work.wait(work.send(long))
    answers = {m: work.anybody("GET", f"/api/v1/models/{m}/predictions?{query(2)}")[1]["outputs"] for m in ("interrupted", "undisturbed")}
    checks.expect(answers["interrupted"] == answers["undisturbed"], f"interrupted and undisturbed differ: {answers}")


def outage(arguments, checks, replicas):
    work = started(checks, replicas)
    dataset = work.upload()
    for kind in range(KINDS):
        work.wait(work.submit(kind, f"live-{kind}", dataset))
        work.predict(f"live-{kind}", kind)
    for replica in replicas:  # live on both
        for kind in range(KINDS):
            replica.get(f"/api/v1/models/live-{kind}/predictions?{query(kind)}")

    running = training(0, "meanwhile", None)
    running["training"]["epochs"] = 1500
    id = work.send(running)
    subprocess.run(arguments.down, shell=True, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    ready, slowest, answered = set(), 0.0, 0
    while time.monotonic() - began < arguments.seconds:
        for replica in replicas:
            kind = random.randrange(KINDS)
            asked = time.monotonic()
            try:
                status, told = replica.get(f"/api/v1/models/live-{kind}/predictions?{query(kind)}", timeout=5)
                answer = told.get("outputs", told.get("prediction"))
                checks.expect(status == 200 and answer == work.right[kind], f"during the outage a live model answers {status} {told}")
            except BROKEN as e:
                checks.expect(False, f"during the outage a live model does not answer: {e!r}")
            answered += 1
            slowest = max(slowest, time.monotonic() - asked)
            if time.monotonic() - began > 10:
                ready.add(replica.request("GET", "/actuator/health/readiness", timeout=10)[0])
                checks.expect(replica.request("GET", "/actuator/health/liveness", timeout=10)[0] == 200, "liveness goes with the database")
        time.sleep(0.05)
    checks.expect(ready == {503}, f"readiness during the outage: {ready}")
    status, text, headers = replicas[0].request("POST", "/api/v1/trainings", training(1, "refused", None), timeout=30)
    checks.expect(status == 503 and "retry-after" in headers, f"a training during the outage is answered {status} {text[:200]}")
    subprocess.run(arguments.up, shell=True, check=True, stdout=subprocess.DEVNULL)
    back = time.monotonic()
    for replica in replicas:
        replica.ready()
    print(f"{arguments.seconds} s without the database: {answered} predictions of live models, the slowest {slowest * 1e3:.0f} ms; "
          f"ready again {time.monotonic() - back:.1f} s after it was back")
    end = work.wait(id)
    checks.expect(end and end["state"] == "succeeded", f"the training of the outage ends as {end and end['error']}")
    for kind in range(1, KINDS):
        work.wait(work.submit(kind, f"afterwards-{kind}", dataset))
        work.predict(f"afterwards-{kind}", kind)


def disk(arguments, checks, replicas):
    work = started(checks, replicas)
    replica = replicas[0]
    work.wait(work.submit(0, "before", None))
    work.predict("before", 0)
    big = table(3, 100_000)
    kept, status, told = [], 201, None
    while status == 201 and len(kept) < 200:
        status, told = work.anybody("POST", f"/api/v1/datasets?name=full-{len(kept)}", big, Content_Type="text/csv", timeout=120)
        if status == 201:
            kept.append(told["id"])
    checks.expect(status == 507 and told["code"] == "storage-full", f"on a full disk an upload is answered {status} {told}")
    print(f"  {len(kept)} data sets fit, the next is answered {status} {told.get('code')}: {told.get('detail')}")
    checks.expect(replica.request("GET", "/actuator/health/liveness")[0] == 200, "the service is alive")
    work.predict("before", 0)
    for id in kept:
        status, _, _ = replica.request("DELETE", f"/api/v1/datasets/{id}")
        checks.expect(status == 204, f"on a full disk a deletion is answered {status}")
    deleted = time.monotonic()
    status = 507
    while status == 507 and time.monotonic() - deleted < 30:  # What was deleted is cleaned away in the background.
        status, told = work.anybody("POST", "/api/v1/datasets?name=again", big, Content_Type="text/csv", timeout=120)
    checks.expect(status == 201, f"after deletions an upload is answered {status} {told}")
    print(f"  room for an upload {time.monotonic() - deleted:.1f} s after the deletions")
    end = work.wait(work.submit(0, "after", None))
    checks.expect(end and end["state"] == "succeeded", f"after deletions a training ends as {end and end['error']}")
    work.predict("after", 0)


def former(arguments, checks, replicas):
    old, new = replicas
    new.jar = os.path.abspath(arguments.other)
    old.archive = new.archive = []  # A process would write its archive of classes while it is waited for.
    work = started(checks, [old])
    sent = {}

    def submit(kind, model):
        sent[model] = training(kind, model, dataset, batch=8)
        return work.submit(kind, model, dataset)

    dataset = work.upload()
    for kind in range(KINDS):
        work.wait(submit(kind, f"before-{kind}"))
        work.predict(f"before-{kind}", kind)
    for kind in range(KINDS):
        submit(kind, f"queued-{kind}")

    print("this version comes beside the former one", flush=True)
    new.start().ready()
    work.replicas = [new]
    dataset = work.upload()
    for replica in replicas:
        for kind in range(KINDS):
            work.replicas = [replica]
            submit(kind, f"{replica.name}-{kind}")
    work.replicas = replicas
    for model, (id, kind) in work.accepted.items():
        end = work.wait(id)
        checks.expect(end and end["state"] == "succeeded", f"{model} ends as {end and end['error']}")
        work.predict(model, kind)
        for replica in replicas:
            answers_alike(checks, work, replica, model, kind)

    print("the former version is stopped", flush=True)
    for i in range(2 * KINDS):
        work.replicas = [replicas[i % 2]]
        submit(i % KINDS, f"last-{i}")
    while running(old) == 0:
        time.sleep(0.01)
    states = collections.Counter(t["state"] for t in new.get("/api/v1/trainings?limit=100")[1]["items"])
    print(f"  it runs {running(old)} of {states['running']} trainings, and {states['queued']} wait")
    checks.expect(states["queued"] > 0, "trainings wait for their turn")
    old.stop()
    checks.expect(old.process.returncode in (0, 143, -signal.SIGTERM), f"the former version ends with {old.process.returncode}")
    work.replicas = [new]
    work.settle()
    for model, (id, kind) in work.accepted.items():
        checks.expect(work.wait(id)["state"] == "succeeded", f"{model} has no end that is right")
        again = work.send(sent[model])
        checks.expect(again == id, f"{model}, sent again with its key, is training {again}, and was {id}")
    print(f"  trainings that went on from a checkpoint: {len(resumptions(replicas))}")


def running(replica):
    """How many trainings it runs now."""
    return int(replica.get("/actuator/metrics/backprop.training.running")[1]["measurements"][0]["value"])


def answers_alike(checks, work, replica, model, kind):
    """A model answers the same on this very process; the former version may say that it cannot read it."""
    status, told = replica.get(f"/api/v1/models/{model}/predictions?{query(kind)}")
    answer = told.get("outputs", told.get("prediction"))
    if status == 503 and told["code"] == "newer-format":
        checks.count("models that only the newer version can read")
    else:
        checks.expect(status == 200 and answer == work.right[kind], f"{replica.name} answers for {model} {status} {told}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=["kills", "upload", "outage", "disk", "former"])
    parser.add_argument("jar")
    parser.add_argument("other", nargs="?", help="a directory, or the second jar")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--gap", type=float, default=5.0, help="seconds between two kills of one process, in the mean")
    parser.add_argument("--postgres")
    parser.add_argument("--down")
    parser.add_argument("--up")
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    arguments.jar = os.path.abspath(arguments.jar)
    directory = tempfile.mkdtemp(prefix="backprop-faults-")
    replicas = replicas_of(arguments, directory)
    checks = Checks()
    try:
        {"kills": kills, "upload": upload, "outage": outage, "disk": disk, "former": former}[arguments.what](arguments, checks, replicas)
        for replica in replicas:
            replica.stop()
        logs_are_clean(checks, replicas)
        if checks.broken:
            for replica in replicas:
                print(f"---- the end of the log of {replica.name}\n{replica.tail()}")
        return checks.end()
    finally:
        for replica in replicas:
            if replica.process and replica.process.poll() is None:
                replica.kill()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
