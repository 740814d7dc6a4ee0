package dev.backprop.service.job;

import dev.backprop.OnSqlite;

class StoredTrainingTest extends TrainingTest implements OnSqlite {}
