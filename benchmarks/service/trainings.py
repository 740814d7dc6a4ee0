#!/usr/bin/env python3
"""Training requests that bring their rows along, of two running services, in pairs of turns.

usage: trainings.py MEGABYTES PAIRS PORT PORT

Measured are the time until a request is accepted, and the time until its first epoch has been reported. The first service is the one
that the second is compared with.
"""

import http.client
import json
import os
import random
import statistics
import sys
import time

megabytes, pairs = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(1)
airports = ["".join(draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3)) for _ in range(250)]


def row():
    hour = draw.randrange(24)
    return {
        "month": draw.randrange(1, 13),
        "hour": hour,
        "origin": draw.choice(airports),
        "destination": draw.choice(airports),
        "distance": draw.randrange(80, 2700),
        "temperature": round(draw.gauss(12, 9), 2),
        "delay": round(draw.gauss(hour / 2 - 3, 20), 1),
    }


rows, size = [], 0
while size < megabytes * 1_000_000:
    rows.append(json.dumps(row()))
    size += len(rows[-1]) + 2
BODY = (
    '{"model": "m", "data": {"target": "delay", "rows": [' + ", ".join(rows) + ']},'
    ' "network": {"layers": [{"type": "dense", "units": 8}]},'
    ' "training": {"epochs": 1000, "batchSize": 8192, "seed": 1}}'
).encode()
COUNT = len(rows)


class Service:
    def __init__(self, port):
        self.port = int(port)

    def ask(self, method, where, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, where, body, {"Content-Type": "application/json"} if body is not None else {})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status >= 400:
            raise RuntimeError(f"{method} {where}: {response.status} {answer[:500]}")
        return answer

    def wait(self):
        for _ in range(600):
            try:
                self.ask("GET", "/actuator/health/readiness")
                return
            except (OSError, http.client.HTTPException, RuntimeError):
                time.sleep(0.5)
        raise RuntimeError("no service came up")

    def train(self):
        """Seconds until it is accepted, and until its first epoch."""
        begun = time.perf_counter()
        training = "/api/v1/trainings/" + json.loads(self.ask("POST", "/api/v1/trainings", BODY))["id"]
        accepted = time.perf_counter() - begun
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request("GET", training + "/events")
        stream = connection.getresponse()
        for line in stream:
            if line.startswith(b"event:") and b"epoch" in line:
                break
        else:
            raise RuntimeError("no epoch came")
        trained = time.perf_counter() - begun
        connection.close()
        self.ask("POST", training + "/cancel", b"")
        while json.loads(self.ask("GET", training))["state"] == "running":
            time.sleep(0.05)
        return accepted, trained


def middle(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 4], statistics.median(ordered), ordered[len(ordered) * 3 // 4]


services = [Service(port) for port in sys.argv[3:5]]
for service in services:
    service.wait()
for _ in range(2):
    for service in services:
        service.train()
print(f"{COUNT} rows of 7 columns, {len(BODY)} bytes of JSON\n")
print("pair;before, accepted s;after, accepted s;before, first epoch s;after, first epoch s")
runs = []
for pair in range(pairs):
    order = (0, 1) if pair % 2 == 0 else (1, 0)
    took = {which: services[which].train() for which in order}
    runs.append((took[0][0], took[1][0], took[0][1], took[1][1]))
    print(f"{pair + 1};" + ";".join(f"{seconds:.3f}" for seconds in runs[-1]), flush=True)

print("\nMedians of the pairs; a ratio above 1 means that the second service is faster:\n")
print("| until | before, s | after, s | ratio | middle half |\n|---|---|---|---|---|")
for name, one in (("accepted", 0), ("the first epoch", 2)):
    low, ratio, high = middle([run[one] / run[one + 1] for run in runs])
    before, after = (statistics.median(run[one + i] for run in runs) for i in (0, 1))
    print(f"| {name} | {before:.2f} | {after:.2f} | {ratio:.2f} | {low:.2f}-{high:.2f} |")
