-- What tells damage from what was written, and who can read what.
ALTER TABLE blob_chunks ADD COLUMN checksum BIGINT; -- see JdbcBlobs; null where a former version has written it, as all below

ALTER TABLE model_versions ADD COLUMN document_checksum BIGINT;

ALTER TABLE trainings ADD COLUMN start_checksum BIGINT; -- of start_document

ALTER TABLE trainings ADD COLUMN request_format INTEGER; -- see StoredRequests; null for the first

CREATE TABLE schema_minimum (
  id INTEGER NOT NULL PRIMARY KEY, -- 1: there is one row
  minimum INTEGER NOT NULL -- the newest migration that a process must know to use the database
);

INSERT INTO schema_minimum (id, minimum) VALUES (1, 7);
