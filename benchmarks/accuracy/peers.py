#!/usr/bin/env python3
"""What scikit-learn and XGBoost reach with their defaults on the same rows. To be called by peers.

usage: peers.py DATA_DIRECTORY OUT.csv TABLES

Every peer gets what its makers advise, and no setting is tuned:
- the MLPs: one-hot categories (an unseen one is all zeros, a missing one a category), scaled numbers, the median and an indicator for a
  missing number, a scaled target. Without the last, three of five regressions would be worse than the mean, or near it.
- HistGradientBoosting and XGBoost: numbers as they are, categories as such, missing cells as missing. XGBoost needs tree_method="hist"
  for categories.
A column of texts most of which are different (the names of cars) is left out for all, as the service leaves it out. It would hurt them.
"""

import statistics
import sys
import time
import warnings

import numpy as np
import pandas as pd
import xgboost
from sklearn.compose import TransformedTargetRegressor, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler

import tables

# That 200 epochs did not suffice is a result, not news.
warnings.filterwarnings("ignore")


def number(cell):
    try:
        float(cell)
        return True
    except ValueError:
        return False


def frames(split):
    """A column whose every cell is a number or missing is one of numbers. Texts of which more than half are different are left out."""
    parts = [[row[:-1] for row in rows] for rows in (split.training, split.held_out)]
    both = pd.DataFrame(parts[0] + parts[1], columns=split.header[:-1]).replace("", None)
    for name in split.header[:-1]:
        if both[name].dropna().map(number).all():
            both[name] = both[name].astype(float)
        else:
            both[name] = both[name].astype("category")
            if both[name].nunique() > len(both) / 2:
                both = both.drop(columns=name)
    return both[: len(parts[0])], both[len(parts[0]) :]


def mlp(model, numeric):
    def texts(frame):
        return [name for name in frame if frame[name].dtype == "category"]

    def numbers(frame):
        return [name for name in frame if frame[name].dtype != "category"]

    one_hot = make_pipeline(SimpleImputer(strategy="constant", fill_value="(missing)"), OneHotEncoder(handle_unknown="ignore"))
    scaled = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    pipeline = make_pipeline(make_column_transformer((one_hot, texts), (scaled, numbers)), model)
    return TransformedTargetRegressor(pipeline, transformer=StandardScaler()) if numeric else pipeline


def gradient_boosting(training, numeric):
    kind = HistGradientBoostingRegressor if numeric else HistGradientBoostingClassifier
    return kind(categorical_features=[training[name].dtype == "category" for name in training], random_state=0)


def boosted(numeric):
    kind = xgboost.XGBRegressor if numeric else xgboost.XGBClassifier
    return kind(tree_method="hist", enable_categorical=True, n_jobs=1, random_state=0)


def codes(frame):
    """Categories as their codes, a missing one as missing."""
    return frame.apply(lambda column: column.cat.codes.replace(-1, np.nan).astype(float) if column.dtype == "category" else column)


def contenders(split, training, held_out):
    kind = MLPRegressor if split.numeric else MLPClassifier
    yield "mlp", mlp(kind(random_state=0), split.numeric), training, held_out
    yield "mlp-early-stopping", mlp(kind(early_stopping=True, random_state=0), split.numeric), training, held_out
    yield "hist-gradient-boosting", gradient_boosting(training, split.numeric), codes(training), codes(held_out)
    yield "xgboost", boosted(split.numeric), training, held_out


def measure(split):
    training, held_out = frames(split)
    if split.numeric:
        targets = np.array([float(row[-1]) for row in split.training])
    else:
        labels = LabelEncoder().fit([row[-1] for row in split.training])
        targets = labels.transform([row[-1] for row in split.training])
    actual = split.actual()
    for name, model, learned, asked in contenders(split, training, held_out):
        begun = time.monotonic()
        model.fit(learned, targets)
        seconds = time.monotonic() - begun
        if split.numeric:
            score, loss = tables.relative_error(actual, model.predict(asked).tolist()), None
        else:
            chances = model.predict_proba(asked)
            score = tables.accuracy(actual, labels.inverse_transform(chances.argmax(axis=1)).tolist())
            position = {label: j for j, label in enumerate(labels.classes_)}
            loss = tables.log_loss([float(row[position[a]]) if a in position else 0.0 for row, a in zip(chances, actual)])
        yield tables.line(split, name, score, loss, seconds, per_row(model, asked, split.numeric))


def per_row(model, asked, numeric):
    rows = pd.concat([asked] * -(-tables.TIMED_ROWS // len(asked)))
    took = []
    for _ in range(4):
        begun = time.monotonic()
        (model.predict if numeric else model.predict_proba)(rows)
        took.append(time.monotonic() - begun)
    return statistics.median(took[1:]) / len(rows) * 1e6


if __name__ == "__main__":
    directory, out, names = sys.argv[1:4]
    for table in names.split(",") if names else tables.TABLES:
        for split in tables.splits(directory, table):
            for line in measure(split):
                tables.store(out, [line])
                print(",".join(str(line[field]) for field in tables.FIELDS), flush=True)
