"""To be called by presets.

usage: presets.py BASE_URL PID DATA SECONDS DIRECTORY ROW_COMMAND LOAD_COMMAND TABLE...
"""

import json
import os
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import tables

base, pid, data, seconds, directory, row_command, load_command, *names = sys.argv[1:]
POSTED = 5000
ROUNDS = 9


def call(method, path, body=None, **headers):
    with urllib.request.urlopen(urllib.request.Request(base + path, body, headers, method=method), timeout=1800) as answer:
        return answer.read()


def ready():
    for _ in range(240):
        try:
            return call("GET", "/actuator/health/readiness")
        except OSError:
            time.sleep(0.25)
    raise RuntimeError("the service did not become ready")


def train(name, preset, split):
    dataset = json.loads(call("POST", f"/api/v1/datasets?name={name}", tables.text(split.header, split.training), **{"Content-Type": "text/csv"}))["id"]
    request = {"model": name, "preset": preset, "data": {"dataset": dataset, "target": split.target}}
    training = json.loads(call("POST", "/api/v1/trainings", json.dumps(request).encode(), **{"Content-Type": "application/json"}))
    while training["state"] in ("queued", "running"):
        training = json.loads(call("GET", f"/api/v1/trainings/{training['id']}", Prefer="wait=60"))
    assert training["state"] == "succeeded", training


def in_process(name, csv):
    """Microseconds of a row: the median of nine rounds, and the middle half."""
    model = f"{directory}/{name}.zip"
    with open(model, "wb") as file:
        file.write(call("GET", f"/api/v1/models/{name}/versions/1/artifact"))
    rows = f"{directory}/{name}.csv"
    with open(rows, "wb") as file:
        file.write(csv)
    out = subprocess.run([*row_command.split(), model, rows, str(float(seconds) / 4)], check=True, capture_output=True, text=True).stdout
    return [float(number) for number in out.split()]


def by_get(name, split):
    """How many requests a second there are, as a part of those of the trivial endpoint."""
    row = {column: cell for column, cell in zip(split.header[:-1], split.held_out[0]) if cell}
    target = f"GET {name}=/api/v1/models/{name}/predictions?{urllib.parse.urlencode(row)}"
    out = subprocess.run(
        [*load_command.split(), base, "16", seconds, "5", "trivial GET=/trivial", target], check=True, capture_output=True, text=True).stdout
    line = [line for line in out.splitlines() if line.startswith(f"| GET {name}")][0].split("|")
    return float(line[2]), float(line[3])


def processor():
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def by_post(name, csv):
    """Rows a second, and rows a second of processor time."""
    took, computed = [], []
    for _ in range(ROUNDS + 2):
        begun, before = time.monotonic(), processor()
        call("POST", f"/api/v1/models/{name}/predictions", csv, Accept="text/csv", **{"Content-Type": "text/csv"})
        took.append(time.monotonic() - begun)
        computed.append(processor() - before)
    return POSTED / statistics.median(took[2:]), POSTED * ROUNDS / max(0.01, sum(computed[2:]))


ready()
print("| table | preset | µs a row in the process (middle half) | GET/s | of the trivial one | rows/s by POST | rows/s a core |")
print("|---|---|---|---|---|---|---|")
for table in names:
    split = next(tables.splits(data, table))
    rows = [row[:-1] for row in split.held_out]
    csv = tables.text(split.header[:-1], (rows * -(-POSTED // len(rows)))[:POSTED])
    for preset in "fast", "default":
        name = f"{table}-{preset}"
        train(name, preset, split)
        median, low, high = in_process(name, csv)
        rate, share = by_get(name, split)
        posted, core = by_post(name, csv)
        print(f"| {table} | {preset} | {median:.1f} ({low:.1f}-{high:.1f}) | {rate:,.0f} | {share:.2f} | {posted:,.0f} | {core:,.0f} |", flush=True)
