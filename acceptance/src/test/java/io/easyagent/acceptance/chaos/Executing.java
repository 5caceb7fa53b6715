package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Operator.RefusedException;
import io.easyagent.api.Command;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Commands on one host, or on many at once. */
final class Executing implements Work {
  private static final AtomicLong NAMES = new AtomicLong();
  private static final List<String> SECONDS = List.of("0", "0", "0", "0.2", "0.5", "1", "2");
  private static final String HURRIED_SECONDS = "3";
  private static final String HURRIED = "1s";
  private static final String PATIENT = "10m";
  private static final int FAILED_STATUS = 3;

  private final Operator operator;
  private final Witness witness;
  private final Time time;
  private final RandomGenerator random;
  private final List<String> hosts;

  Executing(
      Operator operator, Witness witness, Time time, RandomGenerator random, List<String> hosts) {
    this.operator = operator;
    this.witness = witness;
    this.time = time;
    this.random = random;
    this.hosts = hosts;
  }

  @Override
  public void once() throws RefusedException {
    String name = "command-" + NAMES.incrementAndGet();
    boolean hurried = oneIn(12);
    boolean cancelled = !hurried && oneIn(12);
    int status = oneIn(6) ? FAILED_STATUS : 0;
    String seconds = hurried ? HURRIED_SECONDS : SECONDS.get(random.nextInt(SECONDS.size()));
    UUID batch =
        operator.order(
            hosts,
            Command.script(
                Witness.COMMAND,
                witness.folder().toString(),
                name,
                seconds,
                Integer.toString(status)),
            new Deed.Execution(name, status, hurried, false),
            hurried ? HURRIED : PATIENT);
    if (cancelled) {
      time.pass(Duration.ofMillis(random.nextInt(500)));
      operator.cancel(batch, hosts);
    }
    operator.await(batch, hosts);
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }
}
