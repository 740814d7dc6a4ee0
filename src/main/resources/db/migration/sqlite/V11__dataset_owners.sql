-- Whose a data set is; null for everybody's. It has no name, and goes with its owner's holds; see JdbcDatasetStore.
ALTER TABLE datasets ADD COLUMN owner TEXT;

CREATE INDEX datasets_by_owner ON datasets (owner) WHERE owner IS NOT NULL;
