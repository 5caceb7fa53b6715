package io.easyagent.acceptance.chaos;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The kinds of faults, and how often each is drawn.
 *
 * <p>What takes seconds of processor time to get over is seldom, so that the system works most of
 * the time: an idle system proves nothing.
 */
enum FaultKind {
  KILL_SERVER(15, "server killed"),
  KILL_SIDECAR(50, "sidecar killed"),
  PAUSE_SERVER(30, "server paused"),
  PAUSE_SIDECAR(170, "sidecar paused"),
  CUT_LINK(270, "link cut"),
  UNREACHABLE(130, "server unreachable"),
  SILENT_LINK(130, "link silent"),
  HALF_OPEN_LINK(130, "link half open"),
  FILL_SERVER_DISK(15, "server's disk full"),
  FILL_HOST_DISK(40, "host's disk full"),
  JUMP_SERVER_CLOCK(10, "server's clock jumped"),
  JUMP_SIDECAR_CLOCK(40, "sidecar's clock jumped"),
  BACK_UP_SERVER(2, "backup made"),
  RESTORE_SERVER(2, "server restored");

  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final int SHORT_MILLIS = 500;
  private static final int LONG_MILLIS = 3_000;
  private static final int LONG_ONE_IN = 12;

  private static final Duration[] JUMPS = {
    Duration.ofSeconds(90), Duration.ofMinutes(10), Duration.ofHours(2), Duration.ofDays(3)
  };

  private final int weight;
  private final String words;

  FaultKind(int weight, String words) {
    this.weight = weight;
    this.words = words;
  }

  int weight() {
    return weight;
  }

  /** For people: what has happened. */
  String words() {
    return words;
  }

  static FaultKind of(Fault fault) {
    return switch (fault) {
      case Fault.KillServer() -> KILL_SERVER;
      case Fault.KillSidecar(int _) -> KILL_SIDECAR;
      case Fault.PauseServer(Duration _) -> PAUSE_SERVER;
      case Fault.PauseSidecar(int _, Duration _) -> PAUSE_SIDECAR;
      case Fault.CutLink(int _) -> CUT_LINK;
      case Fault.Unreachable(int _, Duration _) -> UNREACHABLE;
      case Fault.SilentLink(int _, Duration _) -> SILENT_LINK;
      case Fault.HalfOpenLink(int _, Fault.Side _, Duration _) -> HALF_OPEN_LINK;
      case Fault.FillServerDisk(Duration _) -> FILL_SERVER_DISK;
      case Fault.FillHostDisk(int _, Duration _) -> FILL_HOST_DISK;
      case Fault.JumpServerClock(Duration _, Duration _) -> JUMP_SERVER_CLOCK;
      case Fault.JumpSidecarClock(int _, Duration _, Duration _) -> JUMP_SIDECAR_CLOCK;
      case Fault.BackUpServer() -> BACK_UP_SERVER;
      case Fault.RestoreServer() -> RESTORE_SERVER;
    };
  }

  Fault draw(RandomGenerator random, int hosts) {
    int host = random.nextInt(hosts);
    Duration time = time(random);
    return switch (this) {
      case KILL_SERVER -> new Fault.KillServer();
      case KILL_SIDECAR -> new Fault.KillSidecar(host);
      case PAUSE_SERVER -> new Fault.PauseServer(time);
      case PAUSE_SIDECAR -> new Fault.PauseSidecar(host, time);
      case CUT_LINK -> new Fault.CutLink(host);
      case UNREACHABLE -> new Fault.Unreachable(host, time);
      case SILENT_LINK -> new Fault.SilentLink(host, time);
      case HALF_OPEN_LINK ->
          new Fault.HalfOpenLink(
              host, random.nextBoolean() ? Fault.Side.SERVER : Fault.Side.SIDECAR, time);
      case FILL_SERVER_DISK -> new Fault.FillServerDisk(time);
      case FILL_HOST_DISK -> new Fault.FillHostDisk(host, time);
      case JUMP_SERVER_CLOCK -> new Fault.JumpServerClock(jump(random), time);
      case JUMP_SIDECAR_CLOCK -> new Fault.JumpSidecarClock(host, jump(random), time);
      case BACK_UP_SERVER -> new Fault.BackUpServer();
      case RESTORE_SERVER -> new Fault.RestoreServer();
    };
  }

  /** Mostly short, so that many fit in; sometimes long enough for both ends to notice. */
  private static Duration time(RandomGenerator random) {
    int most = random.nextInt(LONG_ONE_IN) == 0 ? LONG_MILLIS : SHORT_MILLIS;
    return SHORTEST.plusMillis(random.nextInt(most));
  }

  private static Duration jump(RandomGenerator random) {
    Duration by = JUMPS[random.nextInt(JUMPS.length)];
    return random.nextBoolean() ? by : by.negated();
  }
}
