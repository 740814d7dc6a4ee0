-- Trainings from their acceptance until they are forgotten; see JdbcTrainingStore.
CREATE TABLE training_queue (
  id INTEGER NOT NULL PRIMARY KEY, -- 1: there is one row, which acceptances take in turns
  accepted INTEGER NOT NULL
) STRICT;

INSERT INTO training_queue (id, accepted) VALUES (1, 0);

CREATE TABLE trainings (
  id TEXT NOT NULL PRIMARY KEY, -- ids sort by age
  model TEXT NOT NULL,
  state TEXT NOT NULL,
  revision INTEGER NOT NULL, -- grows with every change of the row
  created_at INTEGER NOT NULL, -- microseconds since 1970, as all times here
  started_at INTEGER, -- the first time
  finished_at INTEGER,
  bytes INTEGER NOT NULL, -- that it takes in memory while it runs
  acceptance TEXT NOT NULL, -- JSON
  progress TEXT, -- JSON; null until it has been told
  ending TEXT, -- JSON; null until it has ended
  claim TEXT, -- of whoever runs it, or has run it last
  attempts INTEGER NOT NULL, -- claims that have not been given back
  cancel_requested INTEGER NOT NULL, -- 1 once somebody has asked for it while it ran
  request TEXT REFERENCES blobs (id), -- the body of the request; null once it has ended, as all below
  start_document TEXT, -- of the version that it goes on from, JSON
  start_weights TEXT REFERENCES blobs (id) -- of that version
) STRICT;

CREATE INDEX trainings_by_model ON trainings (model, id);

CREATE INDEX trainings_by_state ON trainings (state, id);

CREATE INDEX trainings_by_end ON trainings (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE training_epochs (
  training TEXT NOT NULL REFERENCES trainings (id),
  first_epoch INTEGER NOT NULL,
  last_epoch INTEGER NOT NULL,
  reports TEXT NOT NULL, -- JSON, one for each epoch from the first to the last
  PRIMARY KEY (training, first_epoch)
) STRICT;
