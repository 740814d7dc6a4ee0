-- What was decided of a training's data and columns; null if it has ended, or if the request is kept instead; see TrainingInputs.
ALTER TABLE trainings ADD COLUMN inputs TEXT;
