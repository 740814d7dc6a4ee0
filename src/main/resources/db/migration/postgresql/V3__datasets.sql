-- Data sets, and who needs which; see JdbcDatasetStore.
CREATE TABLE datasets (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- for the order of lists
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  bytes BIGINT NOT NULL, -- of the table, in memory
  held_bytes BIGINT NOT NULL, -- with all beside it
  sha256 TEXT NOT NULL, -- of the upload, in hexadecimal
  descriptions TEXT NOT NULL, -- of the columns, JSON
  warnings TEXT NOT NULL, -- JSON
  created_at BIGINT NOT NULL, -- microseconds since 1970
  cells TEXT NOT NULL UNIQUE REFERENCES blobs (id),
  turns BIGINT NOT NULL DEFAULT 0 -- whoever holds or deletes it changes this first
);

CREATE TABLE dataset_holds (
  dataset TEXT NOT NULL REFERENCES datasets (id),
  holder TEXT NOT NULL, -- what needs it
  process TEXT NOT NULL, -- which one has taken the hold
  held_until BIGINT NOT NULL, -- milliseconds since 1970; later means that the process is dead
  PRIMARY KEY (dataset, holder, process)
);

CREATE INDEX dataset_holds_by_process ON dataset_holds (process);
