#!/usr/bin/env python3
"""What the page of a running service costs. To be called by run.

usage: page.py BASE_URL all|watched|layers|mouse PAIRS
"""

import datetime
import json
import pathlib
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import client  # noqa: E402

base, what, pairs = sys.argv[1], sys.argv[2], int(sys.argv[3])
service = client.Client(base)
WATCHERS = 10
JSON = {"Content-Type": "application/json"}


def call(method, path, body=None, **headers):
    return json.loads(service.call(method, path, body, **headers) or b"null")


def table(rows, columns):
    draw = random.Random(1)
    lines = [",".join([f"c{i}" for i in range(columns)] + ["y"])]
    for _ in range(rows):
        cells = [draw.gauss(0, 1) for _ in range(columns)]
        lines.append(",".join(f"{cell:.4f}" for cell in [*cells, cells[0] * cells[1] + abs(cells[2])]))
    return call("POST", "/api/v1/datasets?name=page", "\n".join(lines).encode(), **{"Content-Type": "text/csv"})["id"]


def start(dataset, **training):
    body = {"model": "page", "preset": "plain", "data": {"dataset": dataset, "target": "y"},
            "training": {"earlyStopping": "none", "importance": False, **training}}
    return call("POST", "/api/v1/trainings", json.dumps(body).encode(), **JSON)["id"]


def seconds(training):
    while True:
        got = call("GET", f"/api/v1/trainings/{training}", Prefer="wait=60")
        if got["state"] in ("succeeded", "failed", "cancelled"):
            assert got["state"] == "succeeded", got
            begun, ended = (datetime.datetime.fromisoformat(got[name]) for name in ("startedAt", "finishedAt"))
            return (ended - begun).total_seconds()


def show_run(training, over):
    """As the page does: the stream of events, and once a second how far it is."""
    def read():
        with urllib.request.urlopen(f"{base}/api/v1/trainings/{training}/events", timeout=600) as events:
            while events.read1(65536):
                pass
    threading.Thread(target=read, daemon=True).start()
    while not over.wait(1):
        service.call("GET", "/api/v1/trainings?model=page&state=running")


def show_list(over):
    while not over.wait(2.5):
        service.call("GET", "/api/v1/trainings?limit=50")
        service.call("GET", "/api/v1/trainings?history=40&state=running&limit=50")


def run(dataset, watched, **training):
    started, over = start(dataset, **training), threading.Event()
    if watched:
        for _ in range(WATCHERS):
            threading.Thread(target=show_run, args=(started, over), daemon=True).start()
            threading.Thread(target=show_list, args=(over,), daemon=True).start()
    try:
        return seconds(started)
    finally:
        over.set()


def compare(name, plain, other):
    """Runs two things in turns, whose order changes from pair to pair."""
    ratios = []
    plain(), other()
    for pair in range(1, pairs + 1):
        if pair % 2:
            a, b = plain(), other()
        else:
            b, a = other(), plain()
        ratios.append(b / a)
        print(f"{name:8} pair {pair:2}: {a:7.3f} s, {b:7.3f} s, ratio {b / a:.4f}", flush=True)
    low, median, high = statistics.quantiles(ratios, n=4)
    print(f"{name}: {median:.3f} of the time without ({low:.3f}-{high:.3f}, {pairs} pairs)\n", flush=True)


def mouse(dataset):
    """Moves the mouse over the curve in a browser without a window, and times the handlers."""
    training = start(dataset, epochs=10_000, batchSize=256)
    seconds(training)
    driver = subprocess.Popen(["chromedriver", "--port=9751", "--silent"])
    try:
        def ask(method, path, **body):
            request = urllib.request.Request("http://127.0.0.1:9751" + path, json.dumps(body).encode() if method == "POST" else None, JSON, method=method)
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        for _ in range(100):
            try:
                ask("GET", "/status")
                break
            except OSError:
                time.sleep(0.1)
        options = {"binary": "/usr/bin/chromium", "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"]}
        session = "/session/" + ask("POST", "/session", capabilities={"alwaysMatch": {"goog:chromeOptions": options}})["sessionId"]
        ask("POST", session + "/timeouts", script=120_000)
        ask("POST", session + "/url", url=f"{base}/#/runs/{training}")
        times = ask("POST", session + "/execute/async", args=[], script="""
            const done = arguments[0];
            const frame = () => new Promise(requestAnimationFrame);
            (async () => {
              while (document.querySelector('.u-legend .u-value')?.textContent !== '10000') await frame();
              const over = document.querySelector('.u-over');
              const box = over.getBoundingClientRect();
              const times = [];
              for (let i = 0; i < 500; i++) {
                const at = { bubbles: true, clientX: box.left + (i * 7919) % box.width, clientY: box.top + (i * 31) % box.height };
                const begun = performance.now();
                over.dispatchEvent(new MouseEvent('mousemove', at));
                await Promise.resolve();
                times.push(performance.now() - begun);
                await frame();
              }
              done(times);
            })();""")
        ask("DELETE", session)
        times.sort()
        print(f"mouse: {len(times)} moves over 10,000 epochs, script of each: median {statistics.median(times):.2f} ms, "
              f"99 of 100 up to {times[len(times) * 99 // 100]:.2f} ms, longest {times[-1]:.2f} ms\n")
    finally:
        driver.terminate()


service.ready()
if what in ("all", "watched", "layers"):
    rows = table(20_000, 20)
    if what != "layers":
        compare("watched", lambda: run(rows, False, epochs=60, batchSize=128), lambda: run(rows, True, epochs=60, batchSize=128))
    if what != "watched":
        compare("layers", lambda: run(rows, False, epochs=60, batchSize=128), lambda: run(rows, False, epochs=60, batchSize=128, layerStatistics=True))
if what in ("all", "mouse"):
    mouse(table(500, 3))
