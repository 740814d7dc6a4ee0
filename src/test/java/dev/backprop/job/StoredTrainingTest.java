package dev.backprop.job;

import dev.backprop.OnSqlite;

class StoredTrainingTest extends TrainingTest implements OnSqlite {}
