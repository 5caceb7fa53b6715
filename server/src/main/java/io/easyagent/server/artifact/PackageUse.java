package io.easyagent.server.artifact;

import io.easyagent.server.store.Transaction;

/**
 * Those who need packages.
 *
 * @param users in the plural, for people
 */
public record PackageUse(String users, Count count) {

  /** Tells how many of them need a package. */
  public interface Count {
    /**
     * @param packageReference {@code name@version}
     */
    long of(Transaction transaction, String packageReference);
  }
}
