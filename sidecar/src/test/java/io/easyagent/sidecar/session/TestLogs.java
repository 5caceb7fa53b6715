package io.easyagent.sidecar.session;

import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.logstream.HostLogs;
import io.easyagent.sidecar.prepare.FakeAccounts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.SecretFiles;
import java.nio.file.Path;

/** The logs below a data folder. */
final class TestLogs {
  private TestLogs() {}

  static HostLogs of(Journal journal, Path data) {
    HostFolders folders = new HostFolders(data.toAbsolutePath());
    return new HostLogs(journal, folders, new SecretFiles(folders, new FakeAccounts()));
  }
}
