-- Answers to accepted requests with an Idempotency-Key; see JdbcIdempotencyKeys.
CREATE TABLE idempotency_keys (
  id TEXT NOT NULL PRIMARY KEY, -- the key
  process TEXT NOT NULL, -- which one answers or has answered
  taken_until INTEGER NOT NULL, -- milliseconds since 1970, while the request is being answered
  accepted_at INTEGER, -- microseconds since 1970; null while the request is being answered, as all below
  fingerprint TEXT, -- of the request
  status INTEGER,
  content_type TEXT,
  location TEXT,
  body BLOB
) STRICT;

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (accepted_at);

CREATE INDEX idempotency_keys_taken ON idempotency_keys (process) WHERE accepted_at IS NULL;
