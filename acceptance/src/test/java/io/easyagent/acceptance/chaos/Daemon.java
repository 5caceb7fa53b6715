package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.fleet.Jvm;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A process that is started again when it dies, as an init system would. Safe for use by several
 * threads.
 */
final class Daemon {
  private final Callable<Jvm> program;
  private Optional<Jvm> running = Optional.empty();
  private boolean held;

  Daemon(Callable<Jvm> program) {
    this.program = program;
  }

  /** Starts it, unless it runs or is held. */
  synchronized void revive() throws Exception {
    if (!held && findAlive().isEmpty()) {
      running = Optional.of(program.call());
    }
  }

  /**
   * With SIGKILL.
   *
   * @return whether there was anything to kill
   */
  synchronized boolean kill() throws InterruptedException {
    Optional<Jvm> alive = findAlive();
    if (alive.isPresent()) {
      alive.get().kill();
    }
    return alive.isPresent();
  }

  /** Kills it; it stays down until it is released. */
  synchronized void hold() throws InterruptedException {
    held = true;
    boolean unused = kill();
  }

  synchronized void release() {
    held = false;
  }

  /** With SIGSTOP; what it returns is to be resumed. */
  synchronized Optional<Jvm> pause() throws IOException, InterruptedException {
    Optional<Jvm> alive = findAlive();
    if (alive.isPresent()) {
      signal("-STOP", alive.get());
    }
    return alive;
  }

  /** With SIGCONT, if it still runs. */
  synchronized void resume(Jvm paused) throws IOException, InterruptedException {
    if (paused.alive()) {
      signal("-CONT", paused);
    }
  }

  /** With SIGTERM; it stays down. */
  synchronized void stop() throws IOException, InterruptedException {
    held = true;
    if (findAlive().isPresent()) {
      signal("-CONT", findAlive().get());
      findAlive().get().stop();
    }
  }

  private Optional<Jvm> findAlive() {
    return running.filter(Jvm::alive);
  }

  private static void signal(String name, Jvm process) throws IOException, InterruptedException {
    Shell.tryRun("kill", name, Long.toString(process.pid()));
  }
}
