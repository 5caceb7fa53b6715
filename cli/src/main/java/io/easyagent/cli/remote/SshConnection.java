package io.easyagent.cli.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/** A machine that somebody is logged in to. */
final class SshConnection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration LOG_IN = Duration.ofSeconds(30);
  private static final int MOST_OUTPUT = 64 << 10;

  private final ClientSession session;

  private SshConnection(ClientSession session) {
    this.session = session;
  }

  /** How a command ended. */
  record Ran(int status, String out, String err) {}

  /**
   * @throws RefusedHost when it is not reached, its key is not the known one, or it lets nobody in
   */
  static SshConnection open(SshClient client, SshTarget target, List<KeyPair> keys, Secrets secrets)
      throws RefusedHost {
    ClientSession session;
    try {
      session =
          client.connect(target.user(), target.host(), target.port()).verify(CONNECT).getSession();
    } catch (IOException failure) {
      throw new RefusedHost(
          "not reached: " + reason(failure),
          "see that it is up and that its SSH port can be reached from here");
    }
    try {
      keys.forEach(session::addPublicKeyIdentity);
      secrets.login().ifPresent(session::addPasswordIdentity);
      session.auth().verify(LOG_IN);
      return new SshConnection(session);
    } catch (IOException failure) {
      // Closing forgets why.
      Optional<RefusedHost> unknown = KnownHosts.refusal(session);
      session.close(true);
      if (unknown.isPresent()) {
        throw unknown.get();
      }
      throw new RefusedHost(
          "not logged in as " + target.user() + ": " + reason(failure),
          "give a key that the machine knows with --identity, or a password with --password");
    }
  }

  /**
   * Runs a line of the machine's shell.
   *
   * @param input what is on its standard input
   * @throws RefusedHost when the link fails, or it takes too long
   */
  Ran run(String line, InputStream input, Duration longest) throws RefusedHost {
    Bounded out = new Bounded();
    Bounded err = new Bounded();
    try (ChannelExec channel = session.createExecChannel(line)) {
      channel.setIn(input);
      channel.setOut(out);
      channel.setErr(err);
      channel.open().verify(CONNECT);
      Set<ClientChannelEvent> events =
          channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), longest);
      if (events.contains(ClientChannelEvent.TIMEOUT)) {
        throw new RefusedHost("not done within " + longest.toSeconds() + " s");
      }
      Integer status = channel.getExitStatus();
      if (status == null) {
        throw new RefusedHost(
            "the connection was lost, or the command was killed",
            "run the same again: what is done there already is not done twice");
      }
      return new Ran(status, out.text(), err.text());
    } catch (IOException failure) {
      throw new RefusedHost("the connection failed: " + reason(failure));
    }
  }

  private static String reason(IOException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage();
    return text == null || text.isBlank() ? cause.getClass().getSimpleName() : text;
  }

  @Override
  public void close() {
    session.close(true);
  }

  /** The beginning of what a machine writes; it may write without end. */
  private static final class Bounded extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int value) {
      if (kept.size() < MOST_OUTPUT) {
        kept.write(value);
      }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.min(length, MOST_OUTPUT - kept.size()));
    }

    synchronized String text() {
      return kept.toString(StandardCharsets.UTF_8);
    }
  }
}
