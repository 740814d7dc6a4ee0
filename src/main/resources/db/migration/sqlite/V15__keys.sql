-- Keys of the API, and the order of their changes; see JdbcKeyStore. Secrets are kept as hashes alone.
CREATE TABLE key_changes (
  id INTEGER NOT NULL PRIMARY KEY, -- 1: there is one row, which changes of keys take in turns
  last INTEGER NOT NULL
) STRICT;

INSERT INTO key_changes (id, last) VALUES (1, 0);

CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY, -- stays when the key is revoked
  age INTEGER NOT NULL UNIQUE, -- the change that made it, for the order of lists
  change INTEGER NOT NULL, -- its latest
  name TEXT, -- JSON
  role TEXT NOT NULL,
  model_prefixes TEXT NOT NULL, -- JSON
  requests_per_second INTEGER, -- null if it is not limited, as the two below
  concurrent_trainings INTEGER,
  stored_bytes INTEGER,
  created_at INTEGER NOT NULL, -- microseconds since 1970, as all times here
  created_by TEXT, -- JSON
  expires_at INTEGER,
  revoked_at INTEGER,
  hash TEXT NOT NULL, -- SHA-256 of the key, in hexadecimal
  former_hash TEXT, -- of the key before, which is valid until former_until
  former_until INTEGER,
  last_used_at INTEGER
) STRICT;

CREATE INDEX api_keys_by_change ON api_keys (change);

CREATE TABLE api_key_hashes (
  id TEXT NOT NULL REFERENCES api_keys (id),
  hash TEXT NOT NULL, -- that the key has had
  change INTEGER NOT NULL, -- in which it got it
  PRIMARY KEY (id, change)
) STRICT;
