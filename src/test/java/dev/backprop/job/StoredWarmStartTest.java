package dev.backprop.job;

import dev.backprop.OnSqlite;

class StoredWarmStartTest extends WarmStartTest implements OnSqlite {}
