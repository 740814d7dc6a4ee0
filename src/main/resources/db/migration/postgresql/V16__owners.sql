-- Whose data sets, model versions and trainings are: a key's id or a token's subject; null for what was made without either, and by former versions. In
-- datasets the name owner is taken: it is the training to which a data set belongs alone.
ALTER TABLE datasets ADD COLUMN made_by TEXT;

ALTER TABLE datasets ADD COLUMN shared INTEGER NOT NULL DEFAULT 0; -- 1 if its owner shows it to all

ALTER TABLE model_versions ADD COLUMN made_by TEXT;

ALTER TABLE trainings ADD COLUMN made_by TEXT;

CREATE INDEX datasets_by_maker ON datasets (made_by) WHERE made_by IS NOT NULL;

CREATE INDEX model_versions_by_maker ON model_versions (made_by) WHERE made_by IS NOT NULL;

CREATE INDEX trainings_by_maker ON trainings (made_by) WHERE made_by IS NOT NULL AND finished_at IS NULL;

-- Whose an Idempotency-Key is; empty for requests without a key or a token. See JdbcIdempotencyStore.
ALTER TABLE idempotency_keys ADD COLUMN caller TEXT NOT NULL DEFAULT '';

CREATE INDEX idempotency_keys_by_caller ON idempotency_keys (caller, accepted_at);
