package io.easyagent.cli.remote;

import io.easyagent.api.EnrollToken;
import io.easyagent.api.Host;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.remote.Addition.Result;
import io.easyagent.cli.session.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;

/** Makes many machines hosts, some at a time. */
final class HostAddition {
  private static final Duration LIFE_SIGN = Duration.ofSeconds(15);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final EasyAgentClient client;
  private final Settings settings;
  private final Secrets secrets;
  private final LongSupplier nanoTime;
  private final BiConsumer<SshTarget, String> progress;

  /**
   * @param identities key files
   * @param sudo become root with it
   * @param parallel machines at a time
   * @param patience until a host that was installed must have been seen
   */
  record Settings(
      Path knownHosts,
      boolean acceptNewHostKeys,
      List<Path> identities,
      boolean sudo,
      int parallel,
      Duration patience) {}

  /**
   * @param progress told of each step, by several threads
   */
  HostAddition(
      EasyAgentClient client,
      Settings settings,
      Secrets secrets,
      LongSupplier nanoTime,
      BiConsumer<SshTarget, String> progress) {
    this.client = client;
    this.settings = settings;
    this.secrets = secrets;
    this.nanoTime = nanoTime;
    this.progress = progress;
  }

  /**
   * One for each target, in their order.
   *
   * @param each told as soon as one is done, by several threads
   */
  List<Addition> add(
      List<SshTarget> targets,
      EnrollToken token,
      Installer.Archives archives,
      Consumer<Addition> each)
      throws InterruptedException {
    List<KeyPair> keys = keys();
    try (SshClient ssh = client();
        ExecutorService workers =
            Executors.newFixedThreadPool(
                settings.parallel(), Thread.ofVirtual().name("host-add").factory())) {
      List<Future<Addition>> under = new ArrayList<>();
      for (SshTarget target : targets) {
        under.add(
            workers.submit(() -> {
              Addition done = add(ssh, target, keys, token, archives);
              each.accept(done);
              return done;
            }));
      }
      List<Addition> done = new ArrayList<>();
      for (Future<Addition> one : under) {
        done.add(one.get());
      }
      return done;
    } catch (java.util.concurrent.ExecutionException fault) {
      throw new IllegalStateException(fault.getCause());
    } catch (IOException failure) {
      throw CommandException.failed("SSH: " + failure.getMessage());
    }
  }

  private SshClient client() {
    SshClient ssh = SshClient.setUpDefaultClient();
    // Neither ~/.ssh/config nor an agent nor keys that nobody named.
    ssh.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
    ssh.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
    ssh.setUserAuthFactories(
        List.of(
            UserAuthPublicKeyFactory.INSTANCE,
            UserAuthPasswordFactory.INSTANCE,
            UserAuthKeyboardInteractiveFactory.INSTANCE));
    ssh.setServerKeyVerifier(new KnownHosts(settings.knownHosts(), settings.acceptNewHostKeys()));
    CoreModuleProperties.HEARTBEAT_INTERVAL.set(ssh, LIFE_SIGN);
    CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(ssh, 3);
    CoreModuleProperties.PASSWORD_PROMPTS.set(ssh, 1);
    ssh.start();
    return ssh;
  }

  private List<KeyPair> keys() {
    List<KeyPair> keys = new ArrayList<>();
    for (Path file : settings.identities()) {
      try (InputStream bytes = Files.newInputStream(file)) {
        Iterable<KeyPair> found =
            SecurityUtils.loadKeyPairIdentities(
                null,
                NamedResource.ofName(file.toString()),
                bytes,
                (session, resource, index) -> secrets.passphrase(file.toString()));
        if (found == null) {
          throw notAKey(file, "it has none");
        }
        found.forEach(keys::add);
      } catch (NoSuchFileException missing) {
        throw CommandException.usage("--identity: " + file + " does not exist");
      } catch (IOException | GeneralSecurityException wrong) {
        throw notAKey(file, String.valueOf(wrong.getMessage()));
      }
    }
    return keys;
  }

  private static CommandException notAKey(Path file, String why) {
    return CommandException.usage(
        "--identity: " + file + ": " + why + " (expected: a private key, and its passphrase)");
  }

  private Addition add(
      SshClient ssh,
      SshTarget target,
      List<KeyPair> keys,
      EnrollToken token,
      Installer.Archives archives) {
    long began = nanoTime.getAsLong();
    try {
      progress.accept(target, "connecting");
      Optional<UUID> id;
      try (SshConnection connection = SshConnection.open(ssh, target, keys, secrets)) {
        id =
            new Installer(
                    connection,
                    target,
                    settings.sudo(),
                    secrets,
                    step -> progress.accept(target, step))
                .install(token, archives);
      }
      return id.isEmpty()
          ? new Addition(
              target.toString(),
              Result.online,
              id,
              "was a host of this fleet already",
              Optional.empty())
          : awaited(target, id.get(), began);
    } catch (RefusedHost refused) {
      return new Addition(
          target.toString(), Result.failed, Optional.empty(), refused.reason(), refused.next());
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return new Addition(
          target.toString(), Result.failed, Optional.empty(), "interrupted", Optional.empty());
    } catch (RuntimeException fault) {
      return new Addition(
          target.toString(),
          Result.failed,
          Optional.empty(),
          String.valueOf(fault.getMessage()),
          Optional.empty());
    }
  }

  private Addition awaited(SshTarget target, UUID id, long began) throws InterruptedException {
    progress.accept(target, "waiting for host " + id);
    long end = nanoTime.getAsLong() + settings.patience().toNanos();
    CountDownLatch never = new CountDownLatch(1);
    do {
      Optional<Host> online = online(id);
      if (online.isPresent()) {
        Duration took = Duration.ofNanos(nanoTime.getAsLong() - began);
        return new Addition(
            target.toString(),
            Result.online,
            Optional.of(id),
            online.get().name() + " is online, after " + Figures.duration(took),
            Optional.empty());
      }
    } while (!never.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
        && nanoTime.getAsLong() < end);
    return new Addition(
        target.toString(),
        Result.installed,
        Optional.of(id),
        "installed, and not online within " + Figures.duration(settings.patience()),
        Optional.of("see there: easyagent-sidecar status"));
  }

  private Optional<Host> online(UUID id) {
    try {
      return Optional.of(client.host(id.toString()))
          .filter(host -> host.status() == Host.Status.online);
    } catch (ClientException notNow) {
      return Optional.empty();
    }
  }
}
