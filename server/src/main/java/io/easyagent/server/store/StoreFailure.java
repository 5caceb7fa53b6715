package io.easyagent.server.store;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Tells a store that failed from a statement that was refused. SQLite may have undone the whole
 * transaction after the former, so nothing of a group can be trusted then.
 */
final class StoreFailure {
  private static final Set<SQLiteErrorCode> STATEMENT_ONLY =
      EnumSet.of(SQLiteErrorCode.SQLITE_ERROR, SQLiteErrorCode.SQLITE_TOOBIG);
  private static final int PRIMARY_CODE = 0xff;
  private static final long HARDLY_ANY_ROOM = 1024 * 1024;

  private StoreFailure() {}

  static boolean isOne(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite) {
        return !STATEMENT_ONLY.contains(sqlite.getResultCode()) && !isConstraint(sqlite);
      }
    }
    return false;
  }

  private static boolean isConstraint(SQLiteException failure) {
    return (failure.getResultCode().code & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
  }

  static RefusedException refusal(Throwable failure, Path file) {
    if (isFull(failure, file)) {
      return new RefusedException(
          ErrorCode.STORAGE_FULL,
          "the server's disk is full: nothing was stored (make room on the disk of " + file + ")",
          failure);
    }
    return new RefusedException(
        ErrorCode.UNAVAILABLE, "the store failed: nothing was stored", failure);
  }

  private static boolean isFull(Throwable failure, Path file) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLiteException sqlite
          && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
        return true;
      }
    }
    try {
      return Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace()
          < HARDLY_ANY_ROOM;
    } catch (IOException unknown) {
      return false;
    }
  }
}
