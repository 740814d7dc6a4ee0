package dev.backprop.job;

import dev.backprop.OnSqlite;

class StoredCrossValidationTest extends CrossValidationTest implements OnSqlite {}
