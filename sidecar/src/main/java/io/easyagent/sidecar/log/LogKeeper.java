package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * Keeps the logs of this host's agents within their bounds. One thread looks at them, at little
 * cost, another one notes when they had grown how far; what is to be done for one is done on a
 * thread of its own, so that nobody waits for it. Closing it leaves every log as it is, for the
 * next life of the sidecar. Thread-safe.
 */
public final class LogKeeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LogKeeper.class.getName());
  private static final Duration END_PATIENCE = Duration.ofSeconds(30);

  private final String boot;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final FreedSpace space;
  private final Consumer<RotationStep> reached;
  private final CopyTurns turns = new CopyTurns();
  private final ScheduledThreadPoolExecutor looks =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("logs").daemon().factory());
  private final Set<KeptOutput> outputs = ConcurrentHashMap.newKeySet();
  private final ExecutorService marks =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("log-times").daemon().factory());
  private final ExecutorService rotations =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("rotation-", 1).daemon().factory());

  /**
   * @param boot differs with every boot of the host
   * @param clock the wall clock, for the age of files and of what is in them
   * @param nanoTime monotonic
   */
  public LogKeeper(String boot, InstantSource clock, LongSupplier nanoTime) {
    this(boot, clock, nanoTime, FreedSpace.OF_FILE_SYSTEM, _ -> {});
  }

  /**
   * @param reached hears of every step of every rotation, on the thread that rotates
   */
  LogKeeper(
      String boot,
      InstantSource clock,
      LongSupplier nanoTime,
      FreedSpace space,
      Consumer<RotationStep> reached) {
    this.boot = boot;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.space = space;
    this.reached = reached;
    looks.setRemoveOnCancelPolicy(true);
    looks.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * What keeps an agent's log within its bounds from {@link KeptOutput#begin} on until it is
   * closed. There must be one only for each log.
   *
   * @param logFolder need not be there yet
   * @param agent its name
   * @param changed called when {@link KeptOutput#conditions} has changed, on a thread that must not
   *     be held up
   */
  public KeptOutput keep(
      Path logFolder, String agent, LogRule rule, AgentPause pause, Runnable changed) {
    LogFiles files = new LogFiles(logFolder, agent);
    return new KeptOutput(
        new AgentLog(files, turns, space, pause, clock, reached),
        new LogTimes(files, boot, nanoTime),
        agent,
        rule,
        looks,
        rotations,
        marks,
        clock,
        nanoTime,
        changed,
        outputs);
  }

  @Override
  public void close() {
    looks.shutdownNow();
    outputs.forEach(KeptOutput::stop);
    rotations.shutdown();
    marks.shutdown();
    try {
      if (!rotations.awaitTermination(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)
          || !marks.awaitTermination(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warning("a log is still being rotated");
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }
}
