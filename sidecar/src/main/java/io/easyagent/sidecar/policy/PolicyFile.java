package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.config.TrustedFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code policy.yaml} on disk. It is read at each question, so that a change holds from the next
 * command on. It is relied on only when nobody but root can have written it or can exchange it: a
 * file, no link, root's, and so are the folders above it.
 */
public final class PolicyFile implements PolicySource {
  public static final Path USUAL = Path.of("/etc/easyagent-sidecar/policy.yaml");

  private static final Logger LOG = Logger.getLogger(PolicyFile.class.getName());
  private static final int LARGEST = 64 << 10;
  private static final TrustedFiles FILES = TrustedFiles.ofRoot();

  private final Path file;
  private final boolean mustBeThere;
  private Optional<Known> known = Optional.empty();
  private Optional<State> told = Optional.empty();

  /** What was read of certain bytes. */
  private record Known(byte[] bytes, Policy policy) {}

  private PolicyFile(Path file, boolean mustBeThere) {
    this.file = file;
    this.mustBeThere = mustBeThere;
  }

  /**
   * @param named by the sidecar's configuration; then a missing file does not allow everything
   */
  public static PolicyFile at(Optional<Path> named) {
    return new PolicyFile(named.orElse(USUAL), named.isPresent());
  }

  @Override
  public synchronized State current() {
    State state;
    try {
      state = new State.InForce(read());
    } catch (ConfigurationException wrong) {
      state = new State.Unusable(String.valueOf(wrong.getMessage()));
    }
    tell(state);
    return state;
  }

  private void tell(State state) {
    if (told.filter(state::equals).isPresent()) {
      return;
    }
    switch (state) {
      case State.InForce inForce when told.isPresent() ->
          LOG.info("the host's policy has changed: " + file);
      case State.InForce inForce -> {}
      case State.Unusable(String reason) ->
          LOG.log(Level.SEVERE, "no command is taken: policy: {0}", reason);
    }
    told = Optional.of(state);
  }

  private Policy read() throws ConfigurationException {
    try {
      return parse(FILES.bytes(file, LARGEST));
    } catch (NoSuchFileException missing) {
      if (mustBeThere) {
        throw new ConfigurationException(
            file + ": is not there (expected: the file that sidecar.yaml names)", missing);
      }
      return Policy.USUAL;
    } catch (IOException unreadable) {
      throw new ConfigurationException(file + ": cannot be read: " + unreadable, unreadable);
    }
  }

  private Policy parse(byte[] bytes) throws ConfigurationException {
    if (known.isPresent() && Arrays.equals(known.get().bytes(), bytes)) {
      return known.get().policy();
    }
    Policy policy = PolicyText.read(file.toString(), TrustedFiles.text(file, bytes));
    known = Optional.of(new Known(bytes, policy));
    return policy;
  }
}
