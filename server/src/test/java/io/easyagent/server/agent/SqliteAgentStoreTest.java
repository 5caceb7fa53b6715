package io.easyagent.server.agent;

import io.easyagent.server.store.SqliteStores;
import io.easyagent.server.store.StoresUnderTest;
import java.nio.file.Path;

class SqliteAgentStoreTest extends AgentStoreContract {
  @Override
  protected StoresUnderTest open(Path emptyFolder) {
    return SqliteStores.open(emptyFolder);
  }
}
