#!/usr/bin/env python3
"""Tables of what was reached. Of ours and of the peers, only tables that every method has are ranked.

usage: summary.py PEERS.csv OURS.csv [METHOD ...]     (of ours; without names all in the file)
"""

import statistics
import sys

import tables

PEERS = ["mlp", "mlp-early-stopping", "hist-gradient-boosting", "xgboost"]
TARGETS = {  # method: (table, bound); accuracies are at least that, relative errors at most
    "ours-default": [("concrete", 0.25), ("adult", 0.870), ("california_housing", 0.39), ("diamonds", 0.135), ("segment", 0.972),
                     ("shuttle", 0.9995), ("mushrooms", 1.0)],
    "ours-best": [("adult", 0.873), ("california_housing", 0.37), ("diamonds", 0.132)],
}


def means(lines):
    """{(table, method): {field: mean over the splits}}"""
    groups = {}
    for one in lines:
        groups.setdefault((one["table"], one["method"]), []).append(one)
    return {
        key: {field: statistics.fmean(float(one[field]) for one in group) if group[0][field] else None
              for field in ("score", "log_loss", "seconds", "us_per_row", "held_out")} | {"splits": {one["split"] for one in group}}
        for key, group in groups.items()
    }


def ranks(values):
    """From 1 on, the lowest value first; equal values share the mean of their ranks."""
    return [sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values]


def loss_of(table, one):
    return one["score"] if table in tables.NUMBERS else -one["score"]


def shown(value, digits):
    return "" if value is None else f"{value:.{digits}f}"


def not_worse(table, one, other):
    """By no more than 0.2 points or one held-out row, or 1 % of the relative error."""
    if table in tables.NUMBERS:
        return one["score"] <= other["score"] * 1.01 + 1e-9
    return one["score"] >= other["score"] - max(0.002, 1 / one["held_out"]) - 1e-9


def columns(title, found, methods, field, digits):
    print(f"\n{title}\n\n| table | " + " | ".join(methods) + " |\n|---|" + "---|" * len(methods))
    for table in tables.TABLES:
        if any((table, method) in found for method in methods):
            cells = [shown(found[table, method][field], digits) if (table, method) in found else "" for method in methods]
            if any(cells):
                print(f"| {table} | " + " | ".join(cells) + " |")


def verdict(found, method):
    known = [table for table in tables.TABLES if all((table, one) in found for one in [method, *PEERS])]
    classes = [table for table in known if table in tables.CLASSES]
    five = [method, *PEERS]
    if not known:
        return
    print(f"\n## {method} beside the peers, {len(known)} tables\n")
    for what, where, key in (("score", known, loss_of), ("log loss", classes, lambda _, one: one["log_loss"])):
        if where:
            all_ranks = [ranks([round(key(table, found[table, one]), 6) for one in five]) for table in where]
            print(f"mean rank by {what}: " + ", ".join(f"{one} {statistics.fmean(row):.2f}" for one, row in zip(five, zip(*all_ranks))))
    print()
    better = {table: min((found[table, one] for one in PEERS[:2]), key=lambda one: loss_of(table, one)) for table in known}
    for peer, other in (("the better MLP", better.get), ("HistGradientBoosting", lambda table: found[table, PEERS[2]]),
                        ("XGBoost", lambda table: found[table, PEERS[3]])):
        worse = [table for table in known if not not_worse(table, found[table, method], other(table))]
        print(f"not worse than {peer}: {len(known) - len(worse)} of {len(known)}" + (f" (worse: {', '.join(worse)})" if worse else ""))
    if classes:
        others = [table for table in classes
                  if found[table, method]["log_loss"] > min(found[table, one]["log_loss"] for one in PEERS)]
        print(f"log loss best of all: {len(classes) - len(others)} of {len(classes)}" + (f" (not: {', '.join(others)})" if others else ""))
    for table, bound in TARGETS.get(method, []):
        if (table, method) in found:
            score = found[table, method]["score"]
            reached = score <= bound if table in tables.NUMBERS else score >= bound
            print(f"{table}: {score:.4f}, to reach {bound}: {'yes' if reached else 'no'}")


def main():
    ours = tables.load(sys.argv[2])
    wanted = sys.argv[3:] or sorted({one["method"] for one in ours}, key=list(dict.fromkeys(one["method"] for one in ours)).index)
    ours = [one for one in ours if one["method"] in wanted]
    # Peers count on the splits that we have, so that a few splits of ours are compared with the same ones.
    splits = {(one["table"], one["split"]) for one in ours}
    found = means([*ours, *(one for one in tables.load(sys.argv[1]) if (one["table"], one["split"]) in splits)])
    methods = [*wanted, *PEERS]
    columns("Accuracy; for regressions RMSE over the standard deviation of the target (lower is better)", found, methods, "score", 4)
    columns("Log loss", found, methods, "log_loss", 4)
    columns("Seconds of training", found, methods, "seconds", 2)
    columns("Microseconds a predicted row", found, methods, "us_per_row", 1)
    for method in wanted:
        verdict(found, method)


main()
