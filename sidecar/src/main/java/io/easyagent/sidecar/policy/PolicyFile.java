package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.config.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  private static final int OTHERS_MAY_WRITE = 0022;
  private static final int STICKY = 01000;
  private static final int FORMAT = 0170000;
  private static final int REGULAR = 0100000;

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
      Path folder = file.toAbsolutePath().getParent();
      if ((mode(file) & FORMAT) != REGULAR) {
        throw new ConfigurationException(
            file + ": is a link, a folder or a device (expected: a file)");
      }
      requireRoots(file);
      for (Path above = folder == null ? null : folder.toRealPath();
          above != null;
          above = above.getParent()) {
        requireRoots(above);
      }
      return parse(bytes());
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

  private static void requireRoots(Path path) throws IOException, ConfigurationException {
    int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != 0) {
      throw new ConfigurationException(path + ": owner: uid " + owner + " (expected: root)");
    }
    int mode = mode(path);
    boolean sticky = (mode & FORMAT) != REGULAR && (mode & STICKY) != 0;
    if ((mode & OTHERS_MAY_WRITE) != 0 && !sticky) {
      throw new ConfigurationException(
          path
              + ": mode: "
              + Integer.toOctalString(mode & 07777)
              + " (expected: writable by root only)");
    }
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
  }

  private byte[] bytes() throws IOException, ConfigurationException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new ConfigurationException(
            file + ": more than " + LARGEST + " bytes (expected: at most as many)");
      }
      return bytes;
    }
  }

  private Policy parse(byte[] bytes) throws ConfigurationException {
    if (known.isPresent() && Arrays.equals(known.get().bytes(), bytes)) {
      return known.get().policy();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      Policy policy = PolicyText.read(file.toString(), text);
      known = Optional.of(new Known(bytes, policy));
      return policy;
    } catch (CharacterCodingException binary) {
      throw new ConfigurationException(file + ": is no text (expected: YAML in UTF-8)", binary);
    }
  }
}
