#!/usr/bin/env python3
"""Checks replicas behind a proxy: that they work as one service, also when one of them is killed.

    python3 .ci/replicas.py http://127.0.0.1:8080 KEY COMMAND      KEY is one of the role admin, COMMAND kills a replica

Prints one line a check, and exits 1 if one failed. Needs Python 3.9 or newer and nothing else.
"""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

BASE, KILL = sys.argv[1].rstrip("/"), sys.argv[3]
KEY = {"X-API-Key": sys.argv[2]}
ROW = "/predictions?inputs=0.3,0.6"
failed = 0


def check(right, what, saw=""):
    global failed
    failed += not right
    print(f"{'ok  ' if right else 'FAIL'} {what}{'' if right else f': {saw}'}", flush=True)


def request(method, path, body=None, **headers):
    """The status and the body; connections are made anew, so that requests go to the replicas in turns."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json", **KEY, **{k.replace("_", "-"): v for k, v in headers.items()}}
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method), timeout=90) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as e:
        return e.code, json.loads(e.read() or b"{}")


def train(model, epochs, **headers):
    inputs = [[i % 40 / 40, i // 40 / 40] for i in range(1600)]
    settings = {"epochs": epochs, "batchSize": 64, "earlyStopping": None}
    data = {"inputs": inputs, "targets": [[x * y] for x, y in inputs]}
    return request("POST", "/api/v1/trainings", {"model": model, "data": data, "training": settings}, **headers)


def stream(id, heard):
    """Reads the events of a training to their end: their names and ids, with the second at which each came."""
    with urllib.request.urlopen(urllib.request.Request(f"{BASE}/api/v1/trainings/{id}/events", headers=KEY), timeout=120) as events:
        name = number = None
        for line in events:
            field, _, value = line.decode().rstrip("\n").partition(":")
            value = value.strip()
            if field == "event":
                name = value
            elif field == "id":
                number = value
            elif not field and not value and name:
                heard.append((name, number, time.monotonic()))
                if name == "end":
                    return
                name = None


def wait(id, patience=120):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        status, told = request("GET", f"/api/v1/trainings/{id}", Prefer="wait=20")
        if status == 200 and told["state"] in ("succeeded", "failed", "cancelled"):
            return told
        time.sleep(0.1)
    return told


print("# One service")
key, KEY = KEY, {}
check(request("GET", "/api/v1/models")[0] == 401, "nobody is answered without a key", request("GET", "/api/v1/models"))
KEY = key
status, first = train("product", 40, Prefer="wait=60")
check(status in (200, 202) and first["state"] == "succeeded", "a training is accepted and waited for", (status, first))
answers = [request("GET", "/api/v1/models/product" + ROW) for _ in range(20)]
check({s for s, _ in answers} == {200}, "every replica answers predictions", answers[:3])
check(len({json.dumps(a) for _, a in answers}) == 1, "all replicas answer the same", answers[:3])

print("# Event streams")
status, told = train("watched", 6000)
heard = [[] for _ in range(6)]
threads = [threading.Thread(target=stream, args=(told["id"], h)) for h in heard]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join(120)
for i, events in enumerate(heard):
    epochs = [int(number) for name, number, _ in events if name == "epoch"]
    check(epochs == list(range(1, 6001)) and events[-1][0] == "end", f"stream {i + 1} hears every epoch once and the end", events[-3:])
spread = [events[-1][2] - events[0][2] for events in heard if events]
check(min(spread) > 0.2, "the streams hear of epochs while the training runs", spread)

print("# A new version")
stop, seen = threading.Event(), []


def predict():
    while not stop.is_set():
        seen.append((time.monotonic(), *request("GET", "/api/v1/models/product" + ROW)))


clients = [threading.Thread(target=predict) for _ in range(4)]
for client in clients:
    client.start()
status, second = train("product", 60, Prefer="wait=60")
succeeded = time.monotonic()
time.sleep(3)
stop.set()
for client in clients:
    client.join()
late = [at - succeeded for at, _, told in seen if told.get("version") == 1 and at > succeeded]
check({s for _, s, _ in seen} == {200}, f"no request of {len(seen)} fails while versions are exchanged", {s for _, s, _ in seen})
mixed = {(told["version"], json.dumps(told["outputs"])) for _, _, told in seen}
check(len(mixed) == 2, "every answer is the one of its version", mixed)
check(max(late, default=0) <= 1.0, f"the new version answers everywhere {max(late, default=0):.2f} s after it succeeded", late[-3:])

print("# Cancelling")
status, told = train("cancelled", 10000)
while request("GET", f"/api/v1/trainings/{told['id']}")[1]["state"] == "queued":
    time.sleep(0.05)
for _ in range(2):  # whichever replica is asked
    status, answer = request("POST", f"/api/v1/trainings/{told['id']}/cancel")
asked = time.monotonic()
end = wait(told["id"])
check(end["state"] == "cancelled" and time.monotonic() - asked < 3, "a training is cancelled from any replica", end["state"])

print("# A replica is killed")
running = [train(f"killed-{i}", 4000)[1]["id"] for i in range(3)]
time.sleep(4)
subprocess.run(KILL, shell=True, check=True, stdout=subprocess.DEVNULL)
answers = [request("GET", "/api/v1/models/product" + ROW)[0] for _ in range(200)]
check(set(answers) == {200}, "predictions are answered all the same", {s: answers.count(s) for s in set(answers)})
ends = [wait(id) for id in running]
check({e["state"] for e in ends} == {"succeeded"}, "its trainings are taken over and succeed", [e["error"] for e in ends])
check([e["result"]["version"] for e in ends] == [1, 1, 1], "each makes one version", [e["result"] for e in ends])
print(f"{failed} failed")
sys.exit(failed > 0)
