"""The tables of this benchmark, their splits, and how an answer is scored: the same for ours and for the peers. Standard library only."""

import csv
import io
import math
import random

# By rows, the smallest first. Two files mean an official split. The target is the last column.
CLASSES = ["iris", "wine", "penguins", "breast_cancer_wdbc", "credit_g", "titanic", "digits8x8", "segment", "wa_churn", "mushrooms",
           "mammography", "adult", "shuttle"]
NUMBERS = ["auto_mpg", "concrete", "abalone", "california_housing", "diamonds"]
OFFICIAL = {"adult", "segment"}
TABLES = ["iris", "wine", "penguins", "auto_mpg", "breast_cancer_wdbc", "credit_g", "concrete", "titanic", "digits8x8", "segment",
          "abalone", "wa_churn", "mushrooms", "mammography", "california_housing", "adult", "diamonds", "shuttle"]
FIELDS = ["table", "split", "method", "score", "log_loss", "seconds", "us_per_row", "held_out"]

# Below this many rows one split says little: five are taken.
SMALL = 3000
TIMED_ROWS = 5000


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    return lines[0], [[cell.strip() for cell in line] for line in lines[1:] if line]


class Split:
    """Rows to learn from and rows that are held out, targets in the last column."""

    def __init__(self, table, number, header, training, held_out):
        firsts = gaps(training)
        self.table, self.number, self.header, self.training = table, number, header, training
        self.held_out = [fill(row, firsts) for row in held_out]
        self.target = header[-1]
        self.numeric = table in NUMBERS

    def actual(self):
        return [float(row[-1]) if self.numeric else row[-1] for row in self.held_out]


def gaps(training):
    """The first value of each column that has one in every row, else None."""
    return [training[0][j] if all(row[j] for row in training) else None for j in range(len(training[0]))]


def fill(row, firsts):
    """A missing cell where training had none is the column's first value."""
    return [first if not cell and first is not None else cell for cell, first in zip(row, firsts)]


def splits(directory, table, most=5):
    if table in OFFICIAL:
        header, training = read(f"{directory}/{table}_train.csv")
        yield Split(table, 0, header, training, read(f"{directory}/{table}_test.csv")[1])
        return
    header, rows = read(f"{directory}/{table}.csv")
    for number in range(min(most, 5) if len(rows) < SMALL else 1):
        order = list(range(len(rows)))
        random.Random(number).shuffle(order)
        cut = len(rows) - len(rows) // 5
        yield Split(table, number, header, [rows[i] for i in order[:cut]], [rows[i] for i in order[cut:]])


def text(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def relative_error(actual, predicted):
    """RMSE over the standard deviation of what is held out, so that the mean as answer has 1."""
    mean = sum(actual) / len(actual)
    return math.sqrt(sum((p - a) ** 2 for p, a in zip(predicted, actual)) / sum((a - mean) ** 2 for a in actual))


def accuracy(actual, predicted):
    return sum(p == a for p, a in zip(predicted, actual)) / len(actual)


def log_loss(chances):
    """@param chances the probability that was given to the class of each row"""
    return -sum(math.log(min(max(chance, 1e-15), 1.0)) for chance in chances) / len(chances)


def line(split, method, score, loss, seconds, per_row):
    return {"table": split.table, "split": split.number, "method": method, "score": f"{score:.6f}", "seconds": f"{seconds:.3f}",
            "log_loss": "" if loss is None else f"{loss:.6f}", "us_per_row": f"{per_row:.2f}", "held_out": len(split.held_out)}


def load(path):
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        return []


def store(path, lines):
    """Writes the lines in place of those of the same table, split and method."""
    kept = {(one["table"], str(one["split"]), one["method"]): one for one in [*load(path), *lines]}
    order = sorted(kept.values(), key=lambda one: (TABLES.index(one["table"]), int(one["split"]), one["method"]))
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(order)
