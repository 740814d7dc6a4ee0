-- Where trainings can be gone on with; see JdbcTrainingStore.
ALTER TABLE trainings ADD COLUMN checkpoint TEXT REFERENCES blobs (id); -- the newest one; null where there is none

ALTER TABLE trainings ADD COLUMN checkpoint_engine TEXT; -- that has come that far, JSON
