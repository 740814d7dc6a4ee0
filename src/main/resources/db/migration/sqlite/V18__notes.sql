-- What people say of versions, data sets and trainings; see Notes. Tags are separated by commas.
ALTER TABLE model_versions ADD COLUMN description TEXT;

ALTER TABLE model_versions ADD COLUMN tags TEXT;

ALTER TABLE model_versions ADD COLUMN revision INTEGER NOT NULL DEFAULT 0; -- how often what is known of it has been changed

ALTER TABLE datasets ADD COLUMN description TEXT;

ALTER TABLE datasets ADD COLUMN tags TEXT;

ALTER TABLE trainings ADD COLUMN description TEXT;

ALTER TABLE trainings ADD COLUMN tags TEXT;
