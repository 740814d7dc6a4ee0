package dev.backprop.service.job;

import dev.backprop.OnSqlite;

class StoredServedMetricsTest extends ServedMetricsTest implements OnSqlite {}
