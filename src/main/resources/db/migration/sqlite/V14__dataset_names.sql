-- Finds data sets by their names.
CREATE INDEX datasets_by_name ON datasets (name, number) WHERE owner IS NULL;
