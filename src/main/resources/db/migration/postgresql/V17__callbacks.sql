-- Who is told of a training's end, and what came of it; see JdbcTrainingCallbacks.
ALTER TABLE trainings ADD COLUMN callback TEXT; -- the URL; null if there is none

ALTER TABLE trainings ADD COLUMN callback_state TEXT; -- pending, delivered or failed; null without a callback

ALTER TABLE trainings ADD COLUMN callback_attempts INTEGER NOT NULL DEFAULT 0; -- that have begun

ALTER TABLE trainings ADD COLUMN callback_status INTEGER; -- of the last answer

ALTER TABLE trainings ADD COLUMN callback_at BIGINT; -- when the last attempt ended

ALTER TABLE trainings ADD COLUMN callback_due BIGINT; -- when the next one begins, if the training has ended by then; null if there is none

CREATE INDEX trainings_by_callback ON trainings (callback_due) WHERE callback_due IS NOT NULL;
