-- How good versions and trainings are, as JSON; see Standing. Null for what former versions have made, until it is read off their documents.
ALTER TABLE model_versions ADD COLUMN standing TEXT;

CREATE INDEX model_versions_without_standing ON model_versions (model, version) WHERE standing IS NULL;

ALTER TABLE trainings ADD COLUMN standing TEXT;

-- What lists of trainings are sorted by.
CREATE TABLE training_figures (
  training TEXT NOT NULL,
  figure TEXT NOT NULL,
  place REAL NOT NULL, -- the lowest is the best
  PRIMARY KEY (training, figure)
) STRICT;

CREATE INDEX training_figures_by_place ON training_figures (figure, place);

CREATE INDEX trainings_without_standing ON trainings (id) WHERE state = 'succeeded' AND standing IS NULL;
