-- Large values in chunks; see JdbcBlobs.
CREATE TABLE blobs (
  id TEXT NOT NULL PRIMARY KEY,
  adopted INTEGER NOT NULL, -- 1 once something refers to it
  written_at INTEGER NOT NULL -- milliseconds since 1970; 0 for one to be cleaned away
) STRICT;

CREATE INDEX blobs_unadopted ON blobs (written_at) WHERE adopted = 0;

CREATE TABLE blob_chunks (
  blob TEXT NOT NULL REFERENCES blobs (id),
  number INTEGER NOT NULL, -- from 0
  content BLOB NOT NULL,
  PRIMARY KEY (blob, number)
) STRICT;
