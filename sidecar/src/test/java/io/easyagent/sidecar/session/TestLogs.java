package io.easyagent.sidecar.session;

import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.logstream.HostLogs;
import io.easyagent.sidecar.prepare.FakeAccounts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.SecretFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The logs below a data folder. */
final class TestLogs {
  private TestLogs() {}

  static HostLogs of(Journal journal, Path data) {
    return of(journal, data, Optional::empty);
  }

  static HostLogs of(Journal journal, Path data, Supplier<Optional<String>> refusal) {
    HostFolders folders = new HostFolders(data.toAbsolutePath());
    return new HostLogs(journal, folders, new SecretFiles(folders, new FakeAccounts()), refusal);
  }
}
