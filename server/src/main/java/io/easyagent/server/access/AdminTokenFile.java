package io.easyagent.server.access;

import io.easyagent.server.id.IdMint;
import io.easyagent.server.store.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Gives the first administrator a token, in a file that only the server's user can read. */
public final class AdminTokenFile {
  private AdminTokenFile() {}

  /**
   * Makes a token when no valid one is left that may administer the server, and writes it to the
   * file. When the file cannot be written the token is taken back.
   *
   * @return whether it made one
   */
  public static boolean provide(Path file, OperatorTokens tokens, IdMint ids) {
    if (tokens.hasAdmin()) {
      return false;
    }
    // The name is unique: an earlier token may be there whose file was never written.
    String name = "admin-" + ids.next().toString().substring(0, 13);
    OperatorTokens.Created created =
        tokens.create(
            new OperatorTokens.Wanted(name, Role.ADMIN, true, OperatorTokens.LONGEST_LIFETIME),
            AuditEntry.Origin.SERVER);
    try {
      PrivateFile.replace(file, created.secret() + "\n");
      return true;
    } catch (IOException failure) {
      tokens.revoke(created.token().id(), AuditEntry.Origin.SERVER);
      throw new UncheckedIOException("admin token " + file + ": " + failure, failure);
    }
  }
}
