package dev.backprop.service.job;

import dev.backprop.OnSqlite;

class StoredTrainingEventsTest extends TrainingEventsTest implements OnSqlite {}
