package io.easyagent.server.store;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Names one history of the store: a restore begins another, and hosts tell them apart. */
public final class Generation {
  private static final String NAME = "generation";
  private static final String BEGUN = "begun";
  private static final int BYTES = 16;

  private Generation() {}

  /** The store's generation, hexadecimal; made when there is none. */
  public static String open(Writer writer, SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return writer.write(transaction ->
        find(transaction, NAME)
            .orElseGet(() -> put(transaction, NAME, HexFormat.of().formatHex(bytes))));
  }

  /**
   * Whether this is the first time that the part of the server sees the generation; from now on it
   * is not.
   */
  public static boolean enters(Transaction transaction, String part, String generation) {
    String name = NAME + " of " + part;
    return transaction
            .handle()
            .execute(
                "INSERT INTO server_state (name, value) VALUES (?, ?) ON CONFLICT (name)"
                    + " DO UPDATE SET value = excluded.value"
                    + " WHERE server_state.value <> excluded.value",
                name,
                generation)
        == 1;
  }

  /** When the store was made, or first opened by a server that notes it. */
  public static Instant begun(Writer writer, Instant now) {
    String begun =
        writer.write(transaction ->
            find(transaction, BEGUN).orElseGet(() -> put(transaction, BEGUN, now.toString())));
    return Instant.parse(begun);
  }

  private static Optional<String> find(Transaction transaction, String name) {
    return transaction
        .handle()
        .createQuery("SELECT value FROM server_state WHERE name = :name")
        .bind("name", name)
        .mapTo(String.class)
        .findOne();
  }

  private static String put(Transaction transaction, String name, String value) {
    transaction
        .handle()
        .execute("INSERT INTO server_state (name, value) VALUES (?, ?)", name, value);
    return value;
  }
}
