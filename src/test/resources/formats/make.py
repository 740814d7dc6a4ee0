#!/usr/bin/env python3
"""Writes what a version of the service leaves behind, for the tests that a later one reads it.

usage: JAVA_HOME=a JDK 25, make.py backprop.jar DIRECTORY

Starts the jar on an empty data directory, uploads, trains and asks, kills it while it trains, and writes into DIRECTORY
  backprop.db.gz  the database, with trainings that wait and two that have come half of their way
  answers.json.gz what was asked, and what the version answered
  *.zip           artefacts of some of the models
"""
import gzip
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

JAR, OUT = sys.argv[1], sys.argv[2]
PORT = 18471
BASE = f"http://127.0.0.1:{PORT}"
JSON, CSV, NDJSON = "application/json", "text/csv", "application/x-ndjson"
draw = random.Random(10)
answers = []


def ask(method, path, body=None, kind=JSON, headers=None):
    """Status, body and Location of an answer."""
    request = urllib.request.Request(
        BASE + path, None if body is None else body.encode(), {"Content-Type": kind, **(headers or {})}, method=method
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers.get("Location")
    except urllib.error.HTTPError as e:
        return e.code, e.read(), None


def keep(method, path, body=None, kind=JSON, headers=None, of=None):
    """Asks, and writes it down.

    of: a model whose answers stand for those of the one that is asked, which does not exist yet
    """
    status, answer, location = ask(method, path, body, kind, headers)
    answers.append(
        {
            "method": method,
            "path": path.replace(f"/models/{of}/", f"/models/{of[:-len('-done')]}/") if of else path,
            "type": kind,
            "body": body,
            "headers": headers or {},
            "status": status,
            "answer": json.loads(answer),
        }
    )
    if status >= 400:
        print(method, path, status, answer.decode()[:300])
    return json.loads(answer), location


def accepted(answer):
    status, body, location = answer
    assert status in (201, 202), body
    return json.loads(body)


def training(model, data, network=None, training=None, **more):
    spec = {"layers": [{"type": "dense", "units": 4, "activation": "tanh"}], **(network or {})}
    return json.dumps(
        {"model": model, "data": data, "network": spec, "training": {"epochs": 12, "batchSize": 8, **(training or {})}, **more}
    )


def train(*args, **more):
    body = training(*args, **more)
    answer = accepted(ask("POST", "/api/v1/trainings", body, headers={"Prefer": "wait=60"}))
    assert answer["state"] == "succeeded", answer
    return answer["id"]


def start(directory):
    process = subprocess.Popen(
        [
            os.path.join(os.environ["JAVA_HOME"], "bin", "java"), "-Xmx1g", "-jar", JAR, f"--server.port={PORT}", f"--backprop.data-directory={directory}",
            "--backprop.training.workers=2", "--backprop.training.checkpoint-interval=100ms",
        ],
        stdout=subprocess.DEVNULL,
    )
    while True:
        try:
            urllib.request.urlopen(BASE + "/actuator/health/readiness")
            return process
        except OSError:
            assert process.poll() is None
            time.sleep(0.2)


# Data. Some texts are missing cells to this version's default list, others only to a longer one.


def stock(n):
    """Codes that are numbers to some readers, and every token that may stand for a missing cell."""
    codes = ["1E5", "007", "00501", "501", "TRUE", "None", "n/a"]
    missing = ["", "NA", "N/A", "NaN", "null", "?"]
    lines = ["code,kind,temp,open,grade,size,price,quality"]
    for i in range(n):
        code = codes[i % len(codes)]
        kind = missing[i % 6] if i % 11 == 0 else draw.choice(["old", "new", "None", "#N/A", '" bent"'])
        temp = missing[i % 6] if i % 7 == 0 else str(round(draw.uniform(-20, 40), 1))
        is_open = "" if i % 13 == 0 else draw.choice(["true", "false"])
        grade = 1 + i % 3
        size = i % 7 * 10 + draw.randint(0, 3)
        price = round(grade * 100 + size * 2.5 + draw.gauss(0, 3), 2)
        quality = ["good", "None", "bad"][(i + size) % 3]
        lines.append(f"{code},{kind},{temp},{is_open},{grade},{size},{price},{quality}")
    return "\n".join(lines) + "\n"


def sensors(n):
    lines = ["a,b,where,y,z"]
    for i in range(n):
        a = -999 if i % 9 == 0 else round(draw.uniform(0, 10), 2)
        b = round(draw.uniform(0, 10), 2)
        where = "-999" if i % 8 == 0 else ["NA", "north", "south"][i % 3]
        lines.append(f"{a},{b},{where},{round((500 if a == -999 else a) + 2 * b, 2)},{round(b * b, 2)}")
    return "\n".join(lines) + "\n"


def mixed(n):
    rows = []
    for i in range(n):
        x = round(draw.uniform(-1, 1), 3)
        rows.append(
            {
                "x": x, "text": draw.choice(["a", "b", "ä\"", "1E5"]), "flag": draw.random() < 0.5, "int": i % 4,
                "maybe": None if i % 5 == 0 else x * 2, "sold": x > 0, "wet": i % 2 == 0, "loud": x * (i % 3) > 0.1,
            }
        )
    return rows


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def long(n):
    return "u,v,w\n" + "".join(f"{i % 10},{i * 7 % 13},{(i % 10) * 2 + i * 7 % 13}\n" for i in range(n))


def query(model, **cells):
    return f"/api/v1/models/{model}/predictions?" + urllib.parse.urlencode(cells)


STOCK, SENSORS, MIXED = stock(84), sensors(60), mixed(60)
BARE = {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]] * 4, "targets": [[0], [1], [1], [0]] * 4}
STOCK_ROW = {"code": "1E5", "kind": "new", "temp": "12.5", "open": "true", "grade": "2", "size": "31"}
STOCK_CSV = "code,kind,temp,open,grade,size\n" + "".join(
    f"{code},{kind},{temp},{is_open},2,31\n"
    for code, kind, temp, is_open in [
        ("1E5", "new", "1.5", "true"), ("100000", "new", "1.5", "true"), ("007", "old", "NA", "false"), ("7", "old", "?", ""),
        ("00501", "None", "NaN", "true"), ("None", "#N/A", "null", "false"), ("n/a", "NA", "-3", "true"), ("TRUE", " bent", "", "true"),
        ("never seen", "?", "1000", "true"),
    ]
)  # fmt: skip


def main():
    work = tempfile.mkdtemp()
    process = start(work)
    try:
        datasets = upload()
        models = train_all(datasets)
        ask_all(datasets, models)
        ask_how_sure()
        for model in ("classes", "quantiles", "normalized", "embedded", "folds", "calibrated", "intervals"):
            with open(os.path.join(OUT, model + ".zip"), "wb") as file:
                file.write(ask("GET", f"/api/v1/models/{model}/versions/1/artifact")[1])
        leave_some(work, datasets)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    pack(work)


def upload():
    kept = lambda name, body, kind, more="", **headers: keep(
        "POST", f"/api/v1/datasets?name={name}{more}", body, kind, headers
    )[0]["id"]
    datasets = {
        "stock": kept("stock", STOCK, CSV, **{"Idempotency-Key": "the-stock"}),
        "sensors": kept("sensors", SENSORS, CSV, "&missing=-999"),
        "mixed": kept("mixed", lines(MIXED), NDJSON),
        "long": accepted(ask("POST", "/api/v1/datasets?name=long", long(2000), CSV))["id"],
    }
    # An upload is no question to be asked again, but for the one with a key.
    del answers[1:]
    for name in ("stock", "sensors", "mixed"):
        keep("GET", f"/api/v1/datasets/{datasets[name]}")
        keep("GET", f"/api/v1/datasets/{datasets[name]}/rows?limit=20")
    return datasets


# What waits or is interrupted in the end, and is trained to its end before, under a name that ends with -done.


def rows_body(model):
    rows = [
        {"code": code, "t": t, "class": c}
        for code, t, c in zip(
            ["1E5", "007", "None", "n/a", "NA", "x"] * 10, ["?", "N/A", "NaN", "null", ""] * 12, ["None", "yes", "007"] * 20
        )
    ]
    for i, row in enumerate(rows):
        if i % 5:
            row["t"] = i / 10
    return training(model, {"target": "class", "rows": rows}, training={"seed": 3})


def missing_body(model):
    rows = [{"x": "none" if i % 6 == 0 else i, "k": ["NA", "b", "none"][i % 3], "y": i * 2.5} for i in range(60)]
    return training(model, {"target": "y", "missing": ["none"], "rows": rows})


def bare_body(model):
    return training(model, BARE, network={"output": {"activation": "sigmoid"}})


def dataset_body(model, datasets):
    return training(
        model, {"target": "z", "dataset": datasets["sensors"], "columns": {"y": {"type": "ignore"}}},
        validation={"dataset": datasets["sensors"]},
    )  # fmt: skip


def warm_body(model):
    rows = [{"x": row["x"], "text": row["text"], "y": row["x"] + 1} for row in MIXED]
    return training(model, {"target": "y", "rows": rows}, warmStart={"model": "warm-from", "version": 1})


def long_body(model, datasets, **more):
    return training(
        model, {"target": "w", "dataset": datasets["long"]}, training={"epochs": 1500, "batchSize": 1, "earlyStopping": None, **more}
    )  # fmt: skip


def folds_body(model, datasets):
    return long_body(model, datasets, epochs=700, crossValidation={"folds": 3})


def waiting(datasets, end=""):
    return {
        "waiting-rows": rows_body("waiting-rows" + end),
        "waiting-missing": missing_body("waiting-missing" + end),
        "waiting-bare": bare_body("waiting-bare" + end),
        "waiting-dataset": dataset_body("waiting-dataset" + end, datasets),
        "waiting-warm": warm_body("waiting-warm" + end),
    }


def interrupted(datasets, end=""):
    return {
        "interrupted": long_body("interrupted" + end, datasets),
        "interrupted-folds": folds_body("interrupted-folds" + end, datasets),
    }


def train_all(datasets):
    of_stock = lambda target, *ignored, **more: {
        "target": target, "dataset": datasets["stock"], "columns": {name: {"type": "ignore"} for name in ignored}, **more,
    }  # fmt: skip
    of_mixed = lambda target, *ignored: {
        "target": target, "dataset": datasets["mixed"], "columns": {name: {"type": "ignore"} for name in ignored},
    }  # fmt: skip
    ids = [
        train("classes", of_stock("quality", "price")),
        train("codes", of_stock("code", "price", "quality")),
        train("number-classes", of_stock("grade", "price", "quality"), training={"classWeights": "balanced"}),
        train("boolean", of_mixed("sold", "wet", "loud")),
        train("regression", of_stock("price", "quality")),
        train("weighted", of_stock("price", "quality", weight="size"), training={"testFraction": 0.2}),
        train("sensors", {"target": "y", "dataset": datasets["sensors"], "columns": {"z": {"type": "ignore"}}}),
        train("several", {"target": ["y", "z"], "dataset": datasets["sensors"]}),
        train("labels", of_mixed(["sold", "wet", "loud"])),
        train("quantiles", of_stock("price", "quality"), network={"loss": {"type": "quantile", "taus": [0.1, 0.5, 0.9]}}),
        train("bare", BARE, network={"output": {"activation": "sigmoid"}}),
        train("bare-numbers", {"inputs": [[i] for i in range(20)], "targets": [[i * 2, -i] for i in range(20)]}),
        train("embedded", of_stock("price", "quality"), network={"embeddings": {"code": {"units": 2}, "kind": {}}, "inputScale": True}),
        train(
            "normalized",
            of_stock("price", "quality"),
            network={
                "layers": [
                    {"type": "dense", "units": 6, "activation": "prelu"}, {"type": "batch-norm"},
                    {"type": "residual", "layers": [{"type": "dense", "units": 6}, {"type": "layer-norm"}]}, {"type": "dropout", "rate": 0.1},
                ]
            },
            training={"averaging": {"type": "ema"}},
        ),
        train("folds", of_stock("quality", "price"), training={"crossValidation": {"folds": 3}}),
        train("calibrated", of_stock("quality", "price"), training={"calibration": True}, description="of the stock", tags=["stock"]),
        train("intervals", of_stock("price", "quality"), training={"calibration": True, "selection": "mae"}),
        train("lbfgs", of_mixed("maybe", "sold", "wet", "loud"), training={"batchSize": None, "optimizer": "lbfgs"}),
        train(
            "warm-from",
            {"target": "y", "rows": [{"x": row["x"], "text": row["text"], "y": row["x"] + 1} for row in MIXED]},
        ),
    ]  # fmt: skip
    for body in {**waiting(datasets, "-done"), **interrupted(datasets, "-done")}.values():
        answer = accepted(ask("POST", "/api/v1/trainings", body, headers={"Prefer": "wait=60"}))
        assert answer["state"] == "succeeded", answer
    status, body, _ = ask("PUT", "/api/v1/models/boolean/versions/1/threshold", json.dumps({"threshold": 0.8, "positive": True}))
    assert status == 200, body
    for training_id in ids:
        keep("GET", f"/api/v1/trainings/{training_id}")
    failed = accepted(
        ask(
            "POST", "/api/v1/trainings",
            training(
                "diverged", {"inputs": [[1], [2]], "targets": [[1], [-1]]}, network={"layers": [{"type": "dense", "units": 4}]},
                training={"batchSize": 2, "optimizer": {"type": "sgd", "learningRate": 1e30}},
            ),
            headers={"Prefer": "wait=60"},
        )
    )  # fmt: skip
    assert failed["state"] == "failed", failed
    keep("GET", f"/api/v1/trainings/{failed['id']}")
    return [
        "classes", "codes", "number-classes", "boolean", "regression", "weighted", "sensors", "several", "labels", "quantiles",
        "bare", "bare-numbers", "embedded", "normalized", "folds", "calibrated", "intervals", "lbfgs", "warm-from",
    ]  # fmt: skip


def ask_all(datasets, models):
    for model in models:
        keep("GET", f"/api/v1/models/{model}/versions/1")
    for model in ("classes", "codes", "number-classes", "regression", "quantiles", "embedded", "normalized", "folds"):
        cells = {k: v for k, v in STOCK_ROW.items() if (model, k) not in (("codes", "code"), ("number-classes", "grade"))}
        keep("GET", query(model, **cells))
        keep("GET", query(model, **{**cells, "temp": ""}))
        keep("GET", query(model, **{**cells, "temp": "NA", "kind": "?"}))
        keep("GET", query(model, **{**cells, "kind": "None"}))
        if model != "codes":
            keep("GET", query(model, **{**cells, "code": "100000"}))
            keep("GET", query(model, **{**cells, "code": "007"}))
        keep("POST", f"/api/v1/models/{model}/predictions", STOCK_CSV, CSV)
        keep("POST", f"/api/v1/models/{model}/evaluations", json.dumps({"dataset": datasets["stock"]}))
        keep("POST", f"/api/v1/models/{model}/evaluations", STOCK, CSV)
    for model in ("sensors", "several"):
        for a, where in [("3", "north"), ("-999", "south"), ("", "NA"), ("5", "-999")]:
            keep("GET", query(model, a=a, b="4", where=where))
        keep("POST", f"/api/v1/models/{model}/predictions", "a,b,where\n-999,1,NA\n2,3,-999\n,5,north\n", CSV)
        keep("POST", f"/api/v1/models/{model}/evaluations", json.dumps({"dataset": datasets["sensors"]}))
    for model in ("boolean", "labels", "lbfgs"):
        keep("GET", query(model, x="0.25", text="1E5", flag="true", int="2", maybe=""))
        rows = [{k: row[k] for k in ("x", "text", "flag", "int", "maybe")} for row in MIXED[:6]]
        keep("POST", f"/api/v1/models/{model}/predictions", json.dumps({"rows": rows}))
        keep("POST", f"/api/v1/models/{model}/predictions", lines(rows), NDJSON)
        keep("POST", f"/api/v1/models/{model}/evaluations", json.dumps({"dataset": datasets["mixed"]}))
    keep("GET", "/api/v1/models/bare/predictions?inputs=0,1")
    keep("POST", "/api/v1/models/bare/predictions", json.dumps({"inputs": BARE["inputs"]}))
    keep("POST", "/api/v1/models/bare/evaluations", json.dumps(BARE))
    keep("POST", "/api/v1/models/bare-numbers/predictions", json.dumps({"inputs": [[1], [2.5]]}))
    keep("GET", query("warm-from", x="0.5", text="a"))
    keep("POST", "/api/v1/models/weighted/evaluations", json.dumps({"dataset": datasets["stock"]}))


def ask_how_sure():
    """What answers say of themselves."""
    for model in ("calibrated", "intervals"):
        for more in ({}, {"interval": "0.8"}, {"explain": "true"}):
            keep("GET", query(model, **STOCK_ROW, **more))
        keep("POST", f"/api/v1/models/{model}/predictions?interval=0.8", STOCK_CSV, CSV)


def leave_some(work, datasets):
    """Asks what the trainings that are left will have to answer, and leaves them."""
    of = "waiting-rows-done"
    for code, t in [("1E5", "1"), ("007", "?"), ("None", ""), ("NA", "3"), ("n/a", "2")]:
        keep("GET", query(of, code=code, t=t), of=of)
    of = "waiting-missing-done"
    for x, k in [("7", "b"), ("none", "NA"), ("", "none")]:
        keep("GET", query(of, x=x, k=k), of=of)
    of = "waiting-bare-done"
    keep("GET", f"/api/v1/models/{of}/predictions?inputs=0,1", of=of)
    of = "waiting-dataset-done"
    for a, where in [("3", "north"), ("-999", "south")]:
        keep("GET", query(of, a=a, b="4", where=where), of=of)
    of = "waiting-warm-done"
    keep("GET", query(of, x="0.5", text="a"), of=of)
    for of in ("interrupted-done", "interrupted-folds-done"):
        for u, v in [(0, 0), (3, 5), (9, 12)]:
            keep("GET", query(of, u=u, v=v), of=of)
    for name in {**waiting(datasets), **interrupted(datasets)}:
        if name.startswith("waiting"):
            assert ask("DELETE", f"/api/v1/models/{name}-done")[0] == 204
    left = {}
    for name, body in interrupted(datasets).items():
        left[name] = accepted(ask("POST", "/api/v1/trainings", body))["id"]
    for name, body in waiting(datasets).items():
        headers = {"Idempotency-Key": "the-one-that-waits"} if name == "waiting-rows" else {}
        answer = ask("POST", "/api/v1/trainings", body, headers=headers)
        left[name] = accepted(answer)["id"]
        if headers:
            answers.append(
                {
                    "method": "POST", "path": "/api/v1/trainings", "type": JSON, "body": body, "headers": headers, "status": answer[0],
                    "answer": {"id": left[name], "model": name},
                }
            )  # fmt: skip
    database = sqlite3.connect(f"file:{work}/backprop.db?mode=ro", uri=True)
    while True:
        states = dict(database.execute("SELECT model, state FROM trainings WHERE model LIKE 'interrupted%' AND finished_at IS NULL"))
        assert len(states) == 2, "a training has ended before it was interrupted"
        found = database.execute("SELECT count(*) FROM trainings WHERE checkpoint IS NOT NULL AND finished_at IS NULL").fetchone()[0]
        if found == 2:
            break
        time.sleep(0.01)
    database.close()
    answers.append({"left": left})


def pack(work):
    path = os.path.join(work, "backprop.db")
    database = sqlite3.connect(path, isolation_level=None)
    trainings = database.execute(
        "SELECT model, state, checkpoint IS NOT NULL FROM trainings WHERE finished_at IS NULL ORDER BY id"
    ).fetchall()
    print(*trainings, sep="\n")
    assert sum(checkpoint for _, _, checkpoint in trainings) == 2 and len(trainings) == 7
    for of in ("interrupted-done", "interrupted-folds-done"):
        blob = database.execute("SELECT weights FROM model_versions WHERE model = ?", (of,)).fetchone()
        assert blob
    # What nobody refers to would be cleaned away at the next start.
    database.execute("DELETE FROM blob_chunks WHERE blob IN (SELECT id FROM blobs WHERE adopted = 0)")
    database.execute("DELETE FROM blobs WHERE adopted = 0")
    database.execute("PRAGMA journal_mode = DELETE")
    database.execute("VACUUM")
    database.close()
    os.makedirs(OUT, exist_ok=True)
    with open(path, "rb") as file, open(os.path.join(OUT, "backprop.db.gz"), "wb") as out:
        out.write(gzip.compress(file.read(), 9, mtime=0))
    with open(os.path.join(OUT, "answers.json.gz"), "wb") as out:
        out.write(gzip.compress(json.dumps(answers, indent=1).encode(), 9, mtime=0))
    shutil.rmtree(work)


main()
