-- What each process has counted of the rows that versions are asked, see JdbcDriftStore: how many fell into each bin. Old rows are removed.
CREATE TABLE drift_counts (
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  process TEXT NOT NULL,
  counted INTEGER NOT NULL, -- rows
  bins TEXT NOT NULL, -- numbers with commas between them
  counted_at INTEGER NOT NULL, -- milliseconds of the epoch
  PRIMARY KEY (model, version, process)
) STRICT;
