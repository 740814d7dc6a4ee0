#!/usr/bin/env python3
"""How far what a running service says beside its answers is true on rows that it has never seen. To be called by run.

usage: answers.py BASE_URL DATA_DIRECTORY [PARTS]

Of each training one line, then tables. Parts: `probabilities`, `intervals`, `sets`, `completeness`, `explanations`.
"""

import csv
import io
import json
import pathlib
import random
import statistics
import sys
import time
import urllib.parse

benchmarks = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(benchmarks), str(benchmarks / "accuracy")]
import client  # noqa: E402
import tables  # noqa: E402

service, directory = client.Client(sys.argv[1]), sys.argv[2]
call = service.call
parts = (sys.argv[3] if len(sys.argv) > 3 and sys.argv[3] else "probabilities,intervals,sets,completeness,explanations").split(",")
CSV = {"Content-Type": "text/csv"}
INTERVAL = 0.9
BINS = 15

# Table, preset, trainings; every training has another split of the rows and another seed.
INTERVALS = [("california_housing", "fast", 20), ("diamonds", "fast", 5), ("california_housing", "default", 1)]
SETS = [("adult", "default", 1), ("adult", "fast", 3), ("segment", "default", 3)]
EXPLAINED = ["adult", "california_housing", "credit_g"]


def splits(table, count):
    """A fifth of the rows is held out, another one each time; of tables with an official split always that part."""
    if table in tables.OFFICIAL:
        header, training = tables.read(f"{directory}/{table}_train.csv")
        held_out = tables.read(f"{directory}/{table}_test.csv")[1]
        for number in range(count):
            yield tables.Split(table, number, header, training, held_out)
        return
    header, rows = tables.read(f"{directory}/{table}.csv")
    for number in range(count):
        order = list(range(len(rows)))
        random.Random(number).shuffle(order)
        cut = len(rows) - len(rows) // 5
        yield tables.Split(table, number, header, [rows[i] for i in order[:cut]], [rows[i] for i in order[cut:]])


def train(split, preset):
    dataset = json.loads(call("POST", f"/api/v1/datasets?name={split.table}", tables.text(split.header, split.training), **CSV))["id"]
    request = {"model": split.table, "data": {"dataset": dataset, "target": split.target}, "preset": preset, "training": {"seed": split.number}}
    training = json.loads(call("POST", "/api/v1/trainings", json.dumps(request).encode(), **{"Content-Type": "application/json"}))
    while training["state"] in ("queued", "running"):
        training = json.loads(call("GET", f"/api/v1/trainings/{training['id']}", Prefer="wait=60"))
    if training["state"] != "succeeded":
        raise RuntimeError(f"{split.table}: {training['state']} {training.get('error')}")
    version = training["result"]["version"]
    return dataset, json.loads(call("GET", f"/api/v1/models/{split.table}/versions/{version}"))


def forget(split, dataset):
    call("DELETE", f"/api/v1/models/{split.table}")
    call("DELETE", f"/api/v1/datasets/{dataset}")


def ask(split, options=""):
    body = tables.text(split.header[:-1], [row[:-1] for row in split.held_out])
    answer = call("POST", f"/api/v1/models/{split.table}/predictions{options}", body, Accept="application/json", **CSV)
    return json.loads(answer)["predictions"]


def calibration_error(answers, actual):
    """Mean distance of the top probability and how often it is right, over equal bins (Guo, Pleiss, Sun and Weinberger 2017)."""
    bins = [[0, 0.0, 0] for _ in range(BINS)]
    for answer, truth in zip(answers, actual):
        top = max(answer["probabilities"], key=answer["probabilities"].get)
        p = answer["probabilities"][top]
        one = bins[min(BINS - 1, int(p * BINS))]
        one[0] += 1
        one[1] += p
        one[2] += top == truth
    return sum(abs(one[1] - one[2]) for one in bins) / len(actual)


def say(**what):
    print("  ".join(f"{name}={value:.4f}" if isinstance(value, float) else f"{name}={value}" for name, value in what.items()), flush=True)


def probabilities():
    rows = []
    for table, preset in (("adult", "default"), ("adult", "fast"), ("mammography", "default"), ("shuttle", "fast")):
        for split in splits(table, 1):
            dataset, card = train(split, preset)
            error = calibration_error(ask(split), split.actual())
            known = card.get("calibration") or {}
            say(part="probabilities", table=table, preset=preset, held_out=len(split.held_out), ece=error, temperature=known.get("temperature"),
                before=(known.get("before") or {}).get("ece"), after=(known.get("after") or {}).get("ece"))
            rows.append((table, preset, f"{error:.4f}"))
            forget(split, dataset)
    return ["table", "preset", "expected calibration error"], rows


def intervals():
    rows = []
    for table, preset, count in INTERVALS:
        covers, widths = [], []
        for split in splits(table, count):
            dataset, card = train(split, preset)
            actual = split.actual()
            bounds = [answer["interval"] for answer in ask(split, f"?interval={INTERVAL}")]
            covers.append(sum(lo <= y <= hi for (lo, hi), y in zip(bounds, actual)) / len(actual))
            widths.append(statistics.mean(hi - lo for lo, hi in bounds) / statistics.pstdev(actual))
            say(part="intervals", table=table, preset=preset, split=split.number, covered=covers[-1], width=widths[-1])
            forget(split, dataset)
        rows.append((table, preset, count, f"{statistics.mean(covers):.4f}", f"{min(covers):.4f}-{max(covers):.4f}", f"{statistics.mean(widths):.3f}"))
    return ["table", "preset", "trainings", "covered", "from-to", "width / std"], rows


def sets():
    rows = []
    for table, preset, count in SETS:
        covers, sizes = [], []
        for split in splits(table, count):
            dataset, card = train(split, preset)
            actual = split.actual()
            given = [[str(one) for one in answer["set"]] for answer in ask(split, f"?interval={INTERVAL}")]
            assert all(given), "no set is empty"
            covers.append(sum(y in one for one, y in zip(given, actual)) / len(actual))
            sizes.append(statistics.mean(map(len, given)))
            say(part="sets", table=table, preset=preset, split=split.number, covered=covers[-1], size=sizes[-1])
            forget(split, dataset)
        rows.append((table, preset, count, f"{statistics.mean(covers):.4f}", f"{min(covers):.4f}-{max(covers):.4f}", f"{statistics.mean(sizes):.3f}"))
    return ["table", "preset", "trainings", "covered", "from-to", "size"], rows


def residual(told):
    """What is left over, as a share of the distance; and all parts make the answer."""
    total = told["baseline"] + sum(told["contributions"].values()) + told["residual"]
    assert abs(total - told["answer"]) <= 1e-6 * max(1, abs(told["answer"])), (total, told)
    distance = abs(told["answer"] - told["baseline"])
    return abs(told["residual"]) / distance if distance else 0.0 if told["residual"] == 0 else float("inf")


def completeness():
    """Of each table up to 1,000 rows, held out ones first."""
    rows = []
    for table in tables.TABLES:
        for split in splits(table, 1):
            dataset, card = train(split, "fast")
            split.held_out = (split.held_out + split.training)[:1000]
            shares = sorted(residual(answer["explanation"]) for answer in ask(split, "?explain=true"))
            over = sum(share > 0.01 for share in shares)
            say(part="completeness", table=table, rows=len(shares), median=statistics.median(shares), greatest=shares[-1], over=over)
            rows.append((table, len(shares), f"{statistics.median(shares):.5f}", f"{shares[-1]:.5f}", over))
            forget(split, dataset)
    return ["table", "rows", "median residual / distance", "greatest", "over 1 %"], rows


def query(header, row):
    return urllib.parse.urlencode([(name, cell) for name, cell in zip(header, row) if cell])


def explanations():
    rows = []
    for table in EXPLAINED:
        for split in splits(table, 1):
            dataset, card = train(split, "default")
            plain, explained, worst = [], [], 0.0
            for row in split.held_out[:250]:
                text = query(split.header[:-1], row[:-1])
                for option, seconds in (("", plain), ("&explain=true", explained)):
                    begun = time.perf_counter()
                    answer = json.loads(call("GET", f"/api/v1/models/{table}/predictions?{text}{option}"))
                    seconds.append(time.perf_counter() - begun)
                worst = max(worst, residual(answer["explanation"]))
            milliseconds = [statistics.median(each[50:]) * 1e3 for each in (plain, explained)]
            say(part="explanations", table=table, plain_ms=milliseconds[0], explained_ms=milliseconds[1], residual=worst)
            rows.append((table, f"{milliseconds[0]:.1f}", f"{milliseconds[1]:.1f}", f"{worst:.4f}"))
            forget(split, dataset)
    return ["table", "GET, ms", "with explain, ms", "greatest residual / distance"], rows


def show(title, header, rows):
    print(f"\n{title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


service.ready()
made = []
for name, title, measure in (
    ("probabilities", "Probabilities on rows held out from the service", probabilities),
    ("intervals", f"Intervals of {INTERVAL} on rows held out from the service", intervals),
    ("sets", f"Sets of {INTERVAL} on rows held out from the service", sets),
    ("completeness", "What is left over of explanations", completeness),
    ("explanations", "One row explained, a model of the preset default; medians of 200 after 50 to warm up", explanations),
):
    if name in parts:
        made.append((title, *measure()))
for title, header, rows in made:
    show(title, header, rows)
