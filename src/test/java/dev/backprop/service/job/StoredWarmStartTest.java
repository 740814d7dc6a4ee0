package dev.backprop.service.job;

import dev.backprop.OnSqlite;

class StoredWarmStartTest extends WarmStartTest implements OnSqlite {}
