package io.easyagent.server.operation;

import io.easyagent.server.store.SqliteStores;
import io.easyagent.server.store.StoresUnderTest;
import java.nio.file.Path;

class SqliteRetentionStoreTest extends RetentionStoreContract {
  @Override
  protected StoresUnderTest open(Path emptyFolder) {
    return SqliteStores.open(emptyFolder);
  }
}
