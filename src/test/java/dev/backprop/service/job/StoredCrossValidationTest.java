package dev.backprop.service.job;

import dev.backprop.OnSqlite;

class StoredCrossValidationTest extends CrossValidationTest implements OnSqlite {}
