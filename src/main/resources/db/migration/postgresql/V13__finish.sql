-- A running training can be asked to begin nothing further.
ALTER TABLE trainings ADD COLUMN finish_requested INTEGER NOT NULL DEFAULT 0; -- 1 once somebody has asked for it while it ran
