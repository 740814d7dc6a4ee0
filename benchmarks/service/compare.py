#!/usr/bin/env python3
"""Uploads, GET and POST predictions of two running services, in pairs of turns.

usage: compare.py FILE.csv TARGET PAIRS PORT:PID PORT:PID

The first service is the one that the second is compared with.
"""

import csv
import http.client
import json
import os
import statistics
import sys
import time
import urllib.parse

TRAINING_ROWS = 20_000
GETS = 2_000
POSTS = 40
POST_ROWS = 10_000
TICKS = os.sysconf("SC_CLK_TCK")

path, target, pairs = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(path, newline="", encoding="utf-8") as file:
    reader = csv.reader(file)
    header = next(reader)
    head = [row for row, _ in zip(reader, range(TRAINING_ROWS))]
features = [column for column in header if column != target]


def number(text):
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def cells(row):
    return {column: cell for column, cell in zip(header, row) if column != target}


def lines(rows):
    return "\n".join(",".join(cells(row).values()) for row in rows)


class Service:
    def __init__(self, said):
        self.port, self.pid = map(int, said.split(":"))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def wait(self):
        for _ in range(600):
            try:
                self.ask("GET", "/actuator/health/readiness")
                return
            except (OSError, http.client.HTTPException, RuntimeError):
                self.connection.close()
                time.sleep(0.5)
        raise RuntimeError("no service came up")

    def ask(self, method, where, body=None, kind="application/json", **headers):
        self.connection.request(method, where, body, {"Content-Type": kind, **headers} if body is not None else headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status >= 400:
            raise RuntimeError(f"{method} {where}: {response.status} {answer[:500]}")
        return answer

    def train(self):
        text = ",".join(header) + "\n" + "\n".join(",".join(row) for row in head)
        data = json.loads(self.ask("POST", "/api/v1/datasets?name=head", text.encode(), "text/csv"))
        request = {
            "model": "m",
            "data": {"dataset": data["id"], "target": target},
            "network": {"layers": [{"type": "dense", "units": 64}, {"type": "dense", "units": 64}]},
            "training": {"epochs": 3, "seed": 1},
        }
        training = json.loads(self.ask("POST", "/api/v1/trainings", json.dumps(request), Prefer="wait=60"))
        while training["state"] in ("queued", "running"):
            time.sleep(0.5)
            training = json.loads(self.ask("GET", "/api/v1/trainings/" + training["id"]))
        if training["state"] != "succeeded":
            raise RuntimeError(str(training)[:500])

    def processor_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def upload(service):
    with open(path, "rb") as file:
        size = str(os.path.getsize(path))
        answer = service.ask("POST", "/api/v1/datasets?name=all", file, "text/csv", **{"Content-Length": size})
    return lambda: service.ask("DELETE", "/api/v1/datasets/" + json.loads(answer)["id"])


queries = ["/api/v1/models/m/predictions?" + urllib.parse.urlencode(cells(row)) for row in head[:GETS]]
rows = (head * (POST_ROWS // len(head) + 1))[:POST_ROWS]
json_body = json.dumps({"rows": [{column: number(cell) for column, cell in cells(row).items()} for row in rows]})
csv_body = (",".join(features) + "\n" + lines(rows) + "\n").encode()


def gets(service):
    for query in queries:
        service.ask("GET", query)


def posts(service):
    for _ in range(POSTS):
        service.ask("POST", "/api/v1/models/m/predictions", json_body)


def csv_posts(service):
    for _ in range(POSTS):
        service.ask("POST", "/api/v1/models/m/predictions", csv_body, "text/csv", Accept="text/csv")


def timed(work, service):
    spent, begun = service.processor_seconds(), time.perf_counter()
    after = work(service)
    took = time.perf_counter() - begun
    spent = service.processor_seconds() - spent
    if after:
        after()
    return took, spent


def middle(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 4], statistics.median(ordered), ordered[len(ordered) * 3 // 4]


services = [Service(said) for said in sys.argv[4:6]]
for service in services:
    service.wait()
    service.train()
works = {
    "upload": upload,
    f"GET, {GETS} rows": gets,
    f"POST, JSON, {POSTS} x {POST_ROWS} rows": posts,
    f"POST, CSV, {POSTS} x {POST_ROWS} rows": csv_posts,
}
works = {name: work for name, work in works.items() if name.startswith(os.environ.get("ONLY", ""))}
for work in works.values():
    for _ in range(4):
        for service in services:
            timed(work, service)
print("what;pair;before s;after s;before, processor s;after, processor s")
runs = {name: [] for name in works}
for pair in range(pairs):
    for name, work in works.items():
        order = (0, 1) if pair % 2 == 0 else (1, 0)
        took = {which: timed(work, services[which]) for which in order}
        runs[name].append((*took[0], *took[1]))
        print(f"{name};{pair + 1};{took[0][0]:.3f};{took[1][0]:.3f};{took[0][1]:.2f};{took[1][1]:.2f}", flush=True)

print("\nMedians of the pairs; a ratio above 1 means that the second service is faster:\n")
print("| what | before, s | after, s | ratio | middle half | by processor time | middle half |\n|---|---|---|---|---|---|---|")
for name, pairs_of in runs.items():
    low, ratio, high = middle([before / after for before, _, after, _ in pairs_of])
    low_spent, spent, high_spent = middle([before / max(after, 1 / TICKS) for _, before, _, after in pairs_of])
    before, after = (statistics.median(run[i] for run in pairs_of) for i in (0, 2))
    print(
        f"| {name} | {before:.2f} | {after:.2f} | {ratio:.2f} | {low:.2f}-{high:.2f} "
        f"| {spent:.2f} | {low_spent:.2f}-{high_spent:.2f} |"
    )
