-- Large values in chunks; see JdbcBlobs.
CREATE TABLE blobs (
  id TEXT NOT NULL PRIMARY KEY,
  adopted SMALLINT NOT NULL, -- 1 once something refers to it
  written_at BIGINT NOT NULL -- milliseconds since 1970; 0 for one to be cleaned away
);

CREATE INDEX blobs_unadopted ON blobs (written_at) WHERE adopted = 0;

CREATE TABLE blob_chunks (
  blob TEXT NOT NULL REFERENCES blobs (id),
  number INTEGER NOT NULL, -- from 0
  content BYTEA NOT NULL,
  PRIMARY KEY (blob, number)
);

-- Weights do not compress, and columns are compressed already.
ALTER TABLE blob_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
