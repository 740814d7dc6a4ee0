package dev.backprop.job;

import dev.backprop.OnSqlite;

class StoredDataSplitTest extends DataSplitTest implements OnSqlite {}
