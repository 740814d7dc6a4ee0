"""The 24 trainings that two versions of the service are compared by, and their data, which are the same wherever they are made.

Together they have every kind of layer, activation, initializer, loss, optimizer and schedule, and everything that decides which
rows are learned from, and how much each of them counts.
"""

import json
import math
import random

SIZES = [("small", 1.5), ("medium", 4.0), ("large", 9.5)]
TOWNS = ["Aarau", "Bern", "Chur", "Davos", "Olten", "Sion", "Thun", "Zug", "7000", "N/A", "été"]


def table(rows, seed):
    """Rows of every type of column, with missing cells, and a target for every task."""
    draw = random.Random(seed)
    made = []
    for i in range(rows):
        size, base = draw.choice(SIZES)
        town = draw.randrange(len(TOWNS))
        area = round(base * 40 + draw.gauss(0, 12), 2)
        garden = draw.random() < 0.4
        price = round(2.5 * area + 30 * math.sin(town) + (55 if garden else 0) + draw.gauss(0, 9), 3)
        made.append({
            "size": size, "town": TOWNS[town], "area": None if i % 17 == 3 else area, "garden": None if i % 29 == 7 else garden,
            "built": 1900 + draw.randrange(120), "owner": i // 5, "month": f"2024-{1 + i * 12 // rows:02d}", "counts": 1 + i % 4,
            "price": price, "rent": round(price / 20 + draw.gauss(0, 1), 3), "class": "low" if price < 150 else "middle" if price < 350 else "high",
            "sold": price + draw.gauss(0, 60) > 260, "seen": draw.random() < 0.3, "visits": int(draw.expovariate(0.02 + 1 / (10 + area))),
        })
    return made


def csv(rows):
    def cell(value):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    return "\n".join([",".join(rows[0])] + [",".join(map(cell, row.values())) for row in rows]) + "\n"


TARGETS = ("price", "rent", "class", "sold", "seen", "visits")
ROWS = table(1_200, 1)
DATASETS = {"houses": csv(ROWS), "later": csv(table(300, 2))}


def bare(rows, inputs, targets):
    """Numbers, and what is to be learned of them."""
    draw = random.Random(inputs)
    x = [[round(draw.uniform(-2, 2), 4) for _ in range(inputs)] for _ in range(rows)]
    return {"inputs": x, "targets": [[round(math.tanh(math.fsum(math.sin(j + k * 1.7) * row[j] for j in range(inputs))), 4) for k in range(targets)] for row in x]}


def ones(data):
    """The first target as a truth value."""
    return {"inputs": data["inputs"], "targets": [[int(row[0] > 0)] for row in data["targets"]]}


def dense(units, activation="relu", **more):
    return {"type": "dense", "units": units, "activation": activation, **more}


def of(target, *features, **more):
    """The data set of houses, of which other targets and what is not named are left out."""
    names = [target] if isinstance(target, str) else target
    used = {*names, *features, *(value for value in [more.get("weight")] if value)}
    split = more.get("split")
    if split:
        used.update(split.values())
    ignored = {name: {"type": "ignore"} for name in ROWS[0] if name not in used}
    return {"dataset": "houses", "target": target, "columns": ignored, **more}


BASIC = ("size", "town", "area", "garden", "built")
SMALL, WIDE = bare(600, 7, 1), bare(2_048, 24, 3)


def spec(data, layers, training, network=None, **more):
    return {"data": data, "network": {"layers": layers, **(network or {})}, "training": {"seed": 11, **training}, **more}


def adam(name="adam", **more):
    return {"type": name, **more}


SPECS = {
    # Every loss, and the tasks of tables.
    "cross-entropy-classes": spec(of("class", *BASIC), [dense(24), dense(12, "tanh")], {"epochs": 30}),
    "cross-entropy-smoothed": spec(
        of("sold", *BASIC), [dense(16, "gelu")], {"epochs": 25, "classWeights": "balanced", "testFraction": 0.15},
        {"loss": {"type": "cross-entropy", "labelSmoothing": 0.1}}),
    "labels": spec(of(["sold", "seen"], *BASIC), [dense(16, "silu")], {"epochs": 25, "optimizer": adam("nadam")}),
    "focal": spec(
        of("class", *BASIC), [dense(20, "mish")], {"epochs": 25, "classWeights": {"low": 3, "middle": 1, "high": 2}}, {"loss": {"type": "focal", "gamma": 1.5}}),
    "squared-error-weighted": spec(
        of("price", *BASIC, weight="counts"), [dense(32), {"type": "dropout", "rate": 0.2}, dense(16)], {"epochs": 30, "regularization": {"l1": 1e-5, "l2": 1e-4}}),
    "huber-several": spec(of(["price", "rent"], *BASIC), [dense(24, "elu")], {"epochs": 25, "optimizer": adam("adamw")}, {"loss": {"type": "huber", "delta": 0.7}}),
    "absolute-error": spec(
        of("rent", *BASIC), [dense(24, "softplus")], {"epochs": 25, "optimizer": adam("rmsprop", momentum=0.5)}, {"loss": "absolute-error"}),
    "quantiles": spec(of("price", *BASIC), [dense(24, "leaky-relu")], {"epochs": 25}, {"loss": {"type": "quantile", "taus": [0.1, 0.5, 0.9]}}),
    "poisson": spec(of("visits", *BASIC), [dense(16)], {"epochs": 25, "optimizer": adam("adagrad", learningRate=0.02)}, {"loss": "poisson"}),
    # Every kind of layer, and what stands before them.
    "embeddings": spec(
        of("price", *BASIC), [dense(24, "prelu")], {"epochs": 30, "averaging": {"type": "ema", "decay": 0.98}},
        {"embeddings": {"town": {"units": 4}, "size": {}}, "inputScale": True}),
    "batch-norm": spec(
        of("class", *BASIC), [dense(32), {"type": "batch-norm"}, dense(16, "tanh"), {"type": "batch-norm", "momentum": 0.3}],
        {"epochs": 25, "schedule": {"type": "one-cycle"}}),
    "layer-norm-residual": spec(
        of("price", *BASIC),
        [dense(24), {"type": "residual", "layers": [dense(24, "selu"), {"type": "layer-norm"}, {"type": "dropout", "rate": 0.1}]},
         {"type": "residual", "projection": True, "layers": [dense(12, "identity"), {"type": "residual", "layers": [dense(12)]}]}],
        {"epochs": 25, "schedule": {"type": "cosine", "warmupEpochs": 3}, "clipNorm": 1.0}),
    # Which rows are learned from.
    "folds": spec(of("price", *BASIC), [dense(16)], {"epochs": 15, "crossValidation": {"folds": 4}}),
    "folds-of-groups": spec(
        of("class", *BASIC, split={"group": "owner"}), [dense(12), {"type": "batch-norm"}], {"epochs": 12, "crossValidation": {"folds": 3}, "classWeights": "balanced"}),
    "split-in-order": spec(
        of("price", *BASIC, split={"order": "month"}), [dense(16)],
        {"epochs": 60, "testFraction": 0.1, "earlyStopping": {"patience": 4}, "schedule": {"type": "reduce-on-plateau", "patience": 2, "factor": 0.5}}),
    "validated-elsewhere": spec(of("sold", *BASIC), [dense(16, "sigmoid")], {"epochs": 20, "maxSeconds": 3600}, validation={"dataset": "later"}),
    "rows-inline": spec(
        {"target": "rent", "rows": [{name: row[name] for name in (*BASIC, "rent")} for row in ROWS[:500]], "missing": ["N/A"]},
        [dense(16)], {"epochs": 25, "schedule": {"type": "step", "every": 8, "factor": 0.5}}),
    "warm-start": spec(
        {"target": "price", "dataset": "later", "columns": {name: {"type": "ignore"} for name in ROWS[0] if name not in (*BASIC, "price")}},
        None, {"epochs": 15, "optimizer": adam(learningRate=0.0005)}, warmStart={"model": "embeddings", "version": 1}),
    # Bare numbers, and the optimizers that are left.
    "bare-nielsen": spec(
        ones(SMALL), [dense(12, "sigmoid", initializer={"type": "scaled-normal"}, biasInitializer={"type": "unit-normal"})],
        {"epochs": 25, "batchSize": 10, "optimizer": {"type": "sgd", "learningRate": 0.5}},
        {"output": {"activation": "sigmoid", "initializer": {"type": "unit-normal"}}, "loss": "quadratic"}),
    "bare-momentum": spec(
        SMALL, [dense(16, "tanh", initializer={"type": "glorot-normal"}, learningRateFactor=0.5, decayFactor=2)],
        {"epochs": 25, "optimizer": {"type": "sgd", "learningRate": 0.01, "momentum": 0.9, "nesterov": True}, "maxNorm": 2.0,
         "schedule": {"type": "exponential", "factor": 0.97}}),
    "bare-lion": spec(
        SMALL, [dense(16, initializer={"type": "he-uniform"})],
        {"epochs": 25, "optimizer": {"type": "lion", "learningRate": 0.0005}, "schedule": {"type": "cosine-restarts", "period": 5, "multiplier": 2}}),
    "bare-wide": spec(
        WIDE, [dense(256), dense(128, "gelu")],
        {"epochs": 8, "batchSize": 128, "optimizer": {"type": "adadelta", "learningRate": 1.0}, "schedule": {"type": "exponential-warmup", "steps": 40}}),
    "bare-rprop": spec(
        WIDE, [dense(32, "tanh", initializer={"type": "lecun-normal"})], {"epochs": 30, "optimizer": "rprop"}),
    "bare-lbfgs": spec(
        WIDE, [dense(24, "tanh", biasInitializer={"type": "zeros"})],
        {"epochs": 25, "optimizer": "lbfgs", "validationFraction": 0.1, "regularization": {"l2": 1e-4}}, {"output": {"initializer": {"type": "glorot-uniform"}}}),
}


def body(name, ids):
    """The request that trains a spec, over data sets with these ids."""
    request = json.loads(json.dumps(SPECS[name]))
    for part in (request["data"], request.get("validation", {})):
        if "dataset" in part:
            part["dataset"] = ids[part["dataset"]]
    if request["network"]["layers"] is None:
        del request["network"]
    return {"model": name, **request}
