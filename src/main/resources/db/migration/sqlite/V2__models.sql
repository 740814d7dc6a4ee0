-- Models, their versions, and the order of their changes; see JdbcModelStore.
CREATE TABLE model_changes (
  id INTEGER NOT NULL PRIMARY KEY, -- 1: there is one row, which changes of models take in turns
  last INTEGER NOT NULL
) STRICT;

INSERT INTO model_changes (id, last) VALUES (1, 0);

CREATE TABLE models (
  name TEXT NOT NULL PRIMARY KEY, -- stays when the model is deleted, for its versions' numbers
  last_version INTEGER NOT NULL, -- never used again
  current_version INTEGER,
  created_at INTEGER, -- microseconds since 1970; null while the model is deleted
  age INTEGER, -- the change that made it, for the order of lists; null while it is deleted
  change INTEGER NOT NULL -- its latest
) STRICT;

CREATE INDEX models_by_change ON models (change);

CREATE TABLE model_versions (
  model TEXT NOT NULL REFERENCES models (name),
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL, -- microseconds since 1970
  bytes INTEGER NOT NULL, -- in memory, while it answers
  training_id TEXT NOT NULL,
  target TEXT NOT NULL, -- JSON, for lists
  document TEXT NOT NULL, -- JSON, of the artifact
  weights TEXT NOT NULL UNIQUE REFERENCES blobs (id), -- safetensors, of the artifact
  call TEXT NOT NULL UNIQUE, -- what added it, so that trying again adds nothing twice
  PRIMARY KEY (model, version)
) STRICT;
