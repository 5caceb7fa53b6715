package io.easyagent.server.artifact;

import io.easyagent.server.store.SqliteStores;
import io.easyagent.server.store.StoresUnderTest;
import java.nio.file.Path;

class SqlitePackageTableTest extends PackageTableContract {
  @Override
  protected StoresUnderTest open(Path emptyFolder) {
    return SqliteStores.open(emptyFolder);
  }
}
