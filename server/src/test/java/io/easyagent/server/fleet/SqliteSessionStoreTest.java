package io.easyagent.server.fleet;

import io.easyagent.server.store.SqliteStores;
import io.easyagent.server.store.StoresUnderTest;
import java.nio.file.Path;

class SqliteSessionStoreTest extends SessionStoreContract {
  @Override
  protected StoresUnderTest open(Path emptyFolder) {
    return SqliteStores.open(emptyFolder);
  }
}
