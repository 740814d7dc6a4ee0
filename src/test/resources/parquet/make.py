#!/usr/bin/env python3
"""Writes the Parquet files of the tests, and beside them the same rows as CSV.

Needs: pip install pyarrow duckdb
The rows are made from a fixed seed. Writers stamp their version into a file, so that another
version of them writes other bytes.
"""
import datetime as dt
import decimal
import os
import random
import uuid

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS = 150
random.seed(7)


def sometimes(make, often=0.9):
    return [make(i) if random.random() < often else None for i in range(ROWS)]


EPOCH = dt.datetime(2013, 1, 31, 5, 0, 0)
UTC = dt.timezone.utc
KINDS = ["red", "green", "blue", "grün", "日本 語", "say \"no\""]

columns = {
    "flag": (pa.bool_(), sometimes(lambda i: random.random() < 0.4)),
    "sure": (pa.bool_(), [i % 3 == 0 for i in range(ROWS)]),
    "tiny": (pa.int8(), sometimes(lambda i: random.randint(-100, 100))),
    "small": (pa.int16(), sometimes(lambda i: random.randint(-3000, 3000))),
    "count": (pa.int32(), [random.randint(0, 9) for i in range(ROWS)]),
    "big": (pa.int64(), sometimes(lambda i: random.randint(-2**40, 2**40))),
    "id": (pa.int64(), [2**60 + 3 * i + 1 for i in range(ROWS)]),
    "byte": (pa.uint8(), sometimes(lambda i: random.randint(0, 255))),
    "unsigned": (pa.uint32(), sometimes(lambda i: random.randint(2**31, 2**32 - 1))),
    "largest": (pa.uint64(), sometimes(lambda i: 2**64 - 1 - i % 3)),
    "ratio": (pa.float64(), sometimes(lambda i: random.gauss(0, 1))),
    "steps": (pa.float64(), [round(random.random(), 2) for i in range(ROWS)]),
    "single": (pa.float32(), sometimes(lambda i: round(random.random() * 50, 2))),
    "wild": (pa.float32(), sometimes(lambda i: random.gauss(0, 1) * 10 ** random.randint(-20, 8))),
    "price": (pa.decimal128(9, 2), sometimes(lambda i: decimal.Decimal(random.randint(-99999, 99999)).scaleb(-2))),
    "wide": (pa.decimal128(30, 4), sometimes(lambda i: decimal.Decimal(random.randint(-10**9, 10**9)).scaleb(-4))),
    "kind": (pa.string(), sometimes(lambda i: random.choice(KINDS))),
    "digits": (pa.string(), sometimes(lambda i: str(random.randint(0, 5)))),
    "zip": (pa.string(), ["%05d" % random.randint(501, 99950) for i in range(ROWS)]),
    "words": (pa.string(), sometimes(lambda i: " ".join(random.choice(KINDS) for _ in range(3)) + str(i))),
    "day": (pa.date32(), sometimes(lambda i: dt.date(1969, 12, 1) + dt.timedelta(days=random.randint(0, 400)))),
    "at": (pa.timestamp("us"), sometimes(lambda i: EPOCH + dt.timedelta(microseconds=random.randint(0, 10**15)))),
    "moment": (pa.timestamp("ms", "UTC"), sometimes(lambda i: EPOCH.replace(tzinfo=UTC) - dt.timedelta(seconds=random.randint(0, 10**10)))),
    "clock": (pa.time64("us"), sometimes(lambda i: dt.time(random.randint(0, 23), random.randint(0, 59), 7))),
    "nothing": (pa.null(), [None] * ROWS),
    "empty": (pa.string(), [None] * ROWS),
}
table = pa.table({name: pa.array(values, type=kind) for name, (kind, values) in columns.items()})


def number(text):
    """As the shortest text of a number, without an exponent from 1e-6 to 1e21."""
    value = decimal.Decimal(text)
    if value == value.to_integral_value() and abs(value) < decimal.Decimal("1e21"):
        return str(int(value))
    if abs(value) >= decimal.Decimal("1e-6") and abs(value) < decimal.Decimal("1e21"):
        return format(value.normalize(), "f")
    sign, digits, exponent = value.normalize().as_tuple()
    text = "".join(map(str, digits))
    e = exponent + len(text) - 1
    mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
    return ("-" if sign else "") + mantissa + "e" + ("+" if e > 0 else "") + str(e)


def shortest_float(value):
    """The fewest digits that are read as the float."""
    single = pa.scalar(value, pa.float32()).as_py()
    for digits in range(1, 10):
        text = "%.*e" % (digits - 1, single)
        if pa.scalar(float(text), pa.float32()).as_py() == single:
            return text
    raise ValueError(value)


def text(kind, value):
    if value is None:
        return ""
    if kind == pa.bool_():
        return "true" if value else "false"
    if kind == pa.float32():
        return number(shortest_float(value))
    if kind == pa.float64():
        return number(repr(value))
    if pa.types.is_decimal(kind):
        return number(str(value))
    if pa.types.is_timestamp(kind):
        fraction = ("%06d" % value.microsecond).rstrip("0")
        if kind.unit == "ms":
            fraction = ("%03d" % (value.microsecond // 1000)).rstrip("0")
        return value.strftime("%Y-%m-%dT%H:%M:%S") + ("." + fraction if fraction else "") + ("Z" if kind.tz else "")
    return str(value)


def csv(names):
    lines = [",".join(names)]
    for row in range(ROWS):
        cells = [text(*(columns[name][0], columns[name][1][row])) for name in names]
        lines.append(",".join('"%s"' % c.replace('"', '""') if c else "" for c in cells))
    return "\n".join(lines) + "\n"


def write(name, data=table, **options):
    pq.write_table(data, os.path.join(HERE, name), row_group_size=options.pop("group", 64), **options)


with open(os.path.join(HERE, "rows.csv"), "w", newline="") as out:
    out.write(csv(list(columns)))

write("snappy.parquet", compression="snappy")
write("gzip-v2.parquet", compression="gzip", data_page_version="2.0", write_page_checksum=True)
write("zstd-pages.parquet", compression="zstd", data_page_size=128, dictionary_pagesize_limit=64, group=150)
write("plain.parquet", compression="none", use_dictionary=False, store_decimal_as_integer=True)
delta = {}
for name, (kind, _) in columns.items():
    if pa.types.is_integer(kind) or pa.types.is_temporal(kind):
        delta[name] = "DELTA_BINARY_PACKED"
    elif pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        delta[name] = "BYTE_STREAM_SPLIT"
    elif kind == pa.string():
        delta[name] = "DELTA_LENGTH_BYTE_ARRAY" if name == "words" else "DELTA_BYTE_ARRAY"
    elif pa.types.is_boolean(kind):
        delta[name] = "RLE"
write("delta.parquet", compression="zstd", use_dictionary=False, column_encoding=delta, data_page_version="2.0")
write("split.parquet", compression="snappy", use_dictionary=False, store_decimal_as_integer=True,
      column_encoding={n: "BYTE_STREAM_SPLIT" for n in ["count", "big", "price", "wide", "ratio", "single", "day", "at"]})
flat = table.select([n for n in columns if n not in ("nothing", "empty")])
flat_schema = pa.schema([pa.field(f.name, f.type, nullable=f.name not in ("sure", "count", "id", "steps", "zip")) for f in flat.schema])
write("required.parquet", flat.cast(flat_schema), compression="zstd")

# Another writer.
duck = table.select(["flag", "tiny", "count", "big", "unsigned", "ratio", "single", "price", "kind", "zip", "words", "day", "at"])
con = duckdb.connect()
con.register("duck", duck)
con.execute("copy (select * from duck) to '%s' (format parquet, compression zstd)" % os.path.join(HERE, "duckdb.parquet"))
con.execute("copy (select * from duck) to '%s' (format parquet, parquet_version v2, compression snappy)" % os.path.join(HERE, "duckdb-v2.parquet"))
with open(os.path.join(HERE, "duckdb.csv"), "w", newline="") as out:
    out.write(csv(duck.column_names))

# Moments of 96 bits, as former versions of Spark and Hive write them.
old = table.select(["at"])
pq.write_table(old, os.path.join(HERE, "int96.parquet"), use_deprecated_int96_timestamps=True)

# What is refused, or means something else than a number.
pq.write_table(pa.table({"x": pa.array([1.5, float("nan"), None, float("inf"), -0.25] * 12)}), os.path.join(HERE, "nan.parquet"))
pq.write_table(pa.table({"x": [1, 2], "list": [[1], [2, 3]]}), os.path.join(HERE, "list.parquet"))
pq.write_table(pa.table({"x": [1, 2], "inner": [{"a": 1, "b": {"c": 2}}, {"a": 2, "b": {"c": 3}}]}), os.path.join(HERE, "struct.parquet"))
pq.write_table(pa.table({"x": [1, 2], "map": pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int32()))}), os.path.join(HERE, "map.parquet"))
pq.write_table(pa.table({"x": [1, 2], "blob": [b"\x00\xff", b"b"]}), os.path.join(HERE, "binary.parquet"))
pq.write_table(pa.table({"x": [1, 2], "half": pa.array([1.0, 2.0], pa.float32()).cast(pa.float16())}), os.path.join(HERE, "half.parquet"))
pq.write_table(pa.table({"x": pa.array([], pa.int32())}), os.path.join(HERE, "no-rows.parquet"))
for codec in ("lz4", "brotli"):
    pq.write_table(pa.table({"x": [1, 2]}), os.path.join(HERE, codec + ".parquet"), compression=codec)
con.execute("set force_mbedtls_unsafe = 'true'")
con.execute("pragma add_parquet_key('k', '0123456789112345')")
con.execute("copy (select 1 as x) to '%s' (format parquet, encryption_config {footer_key: 'k'})" % os.path.join(HERE, "encrypted.parquet"))
con.execute("copy (select uuid as u from (values ('%s'::uuid)) t(uuid)) to '%s' (format parquet)" % (uuid.UUID(int=2**120 + 77), os.path.join(HERE, "uuid.parquet")))

# The sample of the documentation.
import pyarrow.csv as pc  # noqa: E402

SAMPLES = os.path.join(HERE, "../../../../docs/samples")
penguins = pc.read_csv(os.path.join(SAMPLES, "penguins.csv"), convert_options=pc.ConvertOptions(strings_can_be_null=True))
pq.write_table(penguins, os.path.join(SAMPLES, "penguins.parquet"), compression="snappy")
