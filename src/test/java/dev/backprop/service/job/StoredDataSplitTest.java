package dev.backprop.service.job;

import dev.backprop.OnSqlite;

class StoredDataSplitTest extends DataSplitTest implements OnSqlite {}
