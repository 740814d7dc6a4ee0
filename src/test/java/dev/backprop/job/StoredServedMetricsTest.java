package dev.backprop.job;

import dev.backprop.OnSqlite;

class StoredServedMetricsTest extends ServedMetricsTest implements OnSqlite {}
