-- Data sets, and who needs which; see JdbcDatasetStore.
CREATE TABLE datasets (
  number INTEGER PRIMARY KEY AUTOINCREMENT, -- for the order of lists
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  bytes INTEGER NOT NULL, -- of the table, in memory
  held_bytes INTEGER NOT NULL, -- with all beside it
  sha256 TEXT NOT NULL, -- of the upload, in hexadecimal
  descriptions TEXT NOT NULL, -- of the columns, JSON
  warnings TEXT NOT NULL, -- JSON
  created_at INTEGER NOT NULL, -- microseconds since 1970
  cells TEXT NOT NULL UNIQUE REFERENCES blobs (id),
  turns INTEGER NOT NULL DEFAULT 0 -- whoever holds or deletes it changes this first
) STRICT;

CREATE TABLE dataset_holds (
  dataset TEXT NOT NULL REFERENCES datasets (id),
  holder TEXT NOT NULL, -- what needs it
  process TEXT NOT NULL, -- which one has taken the hold
  held_until INTEGER NOT NULL, -- milliseconds since 1970; later means that the process is dead
  PRIMARY KEY (dataset, holder, process)
) STRICT;

CREATE INDEX dataset_holds_by_process ON dataset_holds (process);
