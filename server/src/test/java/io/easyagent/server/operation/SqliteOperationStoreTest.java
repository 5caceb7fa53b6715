package io.easyagent.server.operation;

import io.easyagent.server.store.SqliteStores;
import io.easyagent.server.store.StoresUnderTest;
import java.nio.file.Path;

class SqliteOperationStoreTest extends OperationStoreContract {
  @Override
  protected StoresUnderTest open(Path emptyFolder) {
    return SqliteStores.open(emptyFolder);
  }
}
