-- Deaths before the newest checkpoint of processes that ran a training; see JdbcTrainingClaims.
ALTER TABLE trainings ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;

-- Which processes run trainings; see JdbcTrainingProcesses.
CREATE TABLE training_processes (
  id TEXT NOT NULL PRIMARY KEY,
  bytes INTEGER NOT NULL, -- that its trainings may take in memory together
  seen_at INTEGER NOT NULL -- milliseconds since 1970
) STRICT;
