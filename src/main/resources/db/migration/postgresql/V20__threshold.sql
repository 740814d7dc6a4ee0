-- From which probability on the positive one of two classes is answered, if somebody has changed it since the training; 0 or 1 is that class.
ALTER TABLE model_versions ADD COLUMN threshold DOUBLE PRECISION;

ALTER TABLE model_versions ADD COLUMN positive INTEGER;
