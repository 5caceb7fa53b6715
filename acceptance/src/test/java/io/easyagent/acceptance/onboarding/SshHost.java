package io.easyagent.acceptance.onboarding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A real host with a real OpenSSH server, which has a host key of its own. It lets in root with a
 * key; with passwords anna, who may use sudo with hers, and carl, who may not.
 */
final class SshHost implements AutoCloseable {
  static final String PASSWORD = "correct-horse";

  private static final int CONNECT_MILLIS = 2_000;
  private static final int PORT = 22;

  final RealHost host;
  final String address;
  final String key;

  /**
   * @param authorized root's public key
   */
  SshHost(String name, Path authorized) throws IOException, InterruptedException {
    host = RealHost.boot(name);
    address = host.address();
    host.shell(
            """
            set -e
            systemctl stop ssh.service ssh.socket 2>/dev/null || true
            rm -f /etc/ssh/ssh_host_*
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
            echo "127.0.0.1 $(hostname)" >>/etc/hosts
            mkdir -p /run/sshd /root/.ssh
            chmod 700 /root/.ssh
            echo '%s' >/root/.ssh/authorized_keys
            for user in anna carl; do
              useradd --create-home --shell /bin/sh $user
              echo "$user:%s" | chpasswd
            done
            echo 'anna ALL=(ALL) ALL' >/etc/sudoers.d/anna
            chmod 440 /etc/sudoers.d/anna
            systemd-run --quiet --unit=test-ssh /usr/sbin/sshd -D -f /dev/null \\
              -h /etc/ssh/ssh_host_ed25519_key -o UsePAM=no -o PermitRootLogin=prohibit-password
            """
                .formatted(Files.readString(authorized).strip(), PASSWORD))
        .expect(0);
    Eventually.await(Duration.ofSeconds(10), "SSH answers on " + name, this::answers);
    key = host.shell("cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub").expect(0).output();
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, PORT), CONNECT_MILLIS);
      return socket.getInputStream().read() >= 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** As a line of the known hosts. */
  String knownAs() {
    return address + " " + key.strip() + "\n";
  }

  String fingerprint() {
    try {
      return host.shell("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d ' ' -f 2")
          .expect(0)
          .output()
          .strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupt) {
      throw new AssertionError(interrupt);
    }
  }

  /** Neither of the sidecar nor of the way that it came. */
  void assertUntouched() throws IOException, InterruptedException {
    Onboarding.assertUntouched(host);
    assertNothingLeft();
  }

  void assertNothingLeft() throws IOException, InterruptedException {
    assertEquals(
        "", host.shell("ls -d /root/.easyagent* /home/*/.easyagent* 2>/dev/null; true").output());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    host.close();
  }
}
