package dev.backprop.job;

import dev.backprop.OnSqlite;

class StoredTrainingEventsTest extends TrainingEventsTest implements OnSqlite {}
