-- The texts that stood for a missing value in a data set; see JdbcDatasetStore.
ALTER TABLE datasets ADD COLUMN missing_tokens TEXT; -- JSON; null in data sets of a version that did not keep them
