package io.easyagent.definition;

import java.util.OptionalInt;

/**
 * What an agent's process is started with.
 *
 * @param umask permission bits that its files do not get, for example 022
 * @param nice -20 to 19; empty: the sidecar's own
 */
public record ProcessSettings(int umask, OptionalInt nice) {
  public static final ProcessSettings DEFAULT = new ProcessSettings(022, OptionalInt.empty());
}
