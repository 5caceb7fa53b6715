package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.process.Probing;
import io.easyagent.sidecar.process.ProcessEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks again and again for the sign that an agent's state asks for, one at a time. Used on the
 * agent's mailbox only; a result of a probing that is over is dropped.
 */
final class Prober {
  private static final Logger LOG = Logger.getLogger(Prober.class.getName());

  private final KeeperHost host;
  private final Mailbox mailbox;
  private final AgentCgroup cgroup;
  private final Consumer<ProcessEvent> events;
  private final HostRules rules;
  private final ProbeRunner runner;
  private Optional<Repetition> current = Optional.empty();

  Prober(
      AgentId agent,
      KeeperHost host,
      Mailbox mailbox,
      AgentCgroup cgroup,
      Consumer<ProcessEvent> events) {
    this.host = host;
    this.mailbox = mailbox;
    this.cgroup = cgroup;
    this.events = events;
    this.rules = host.rules().of(agent);
    this.runner = new ProbeRunner(host.nanoTime(), ProbedAddress.ofThisHost(), rules);
  }

  /** From now on this probing, or none; one that goes on is left alone. */
  void follow(Optional<Probing> wanted, LaunchPlan plan, Optional<LaunchRecord> launch) {
    if (wanted.equals(current.map(Repetition::probing))) {
      return;
    }
    stop();
    wanted.ifPresent(probing -> {
      Repetition repetition = new Repetition(probing, plan, launch);
      current = Optional.of(repetition);
      repetition.schedule(probing.firstAfter());
    });
  }

  /** Ends the probing and the probe that is under way. */
  void stop() {
    current.ifPresent(Repetition::cancel);
    current = Optional.empty();
  }

  private final class Repetition {
    private final Probing probing;
    private final LaunchPlan plan;
    private final Optional<LaunchRecord> launch;
    private final Optional<LineSearch> lines;
    private final AtomicReference<Optional<CommandProbe>> command =
        new AtomicReference<>(Optional.empty());
    private Optional<Future<?>> timer = Optional.empty();
    private volatile Duration due = Duration.ZERO;
    private volatile boolean cancelled;

    Repetition(Probing probing, LaunchPlan plan, Optional<LaunchRecord> launch) {
      this.probing = probing;
      this.plan = plan;
      this.launch = launch;
      this.lines =
          probing.sign() instanceof Readiness.Sign.Line(String text)
              ? Optional.of(
                  new LineSearch(
                      plan.keptOutput(), launch.map(LaunchRecord::outputStart).orElse(0L), text))
              : Optional.empty();
    }

    Probing probing() {
      return probing;
    }

    void schedule(Duration delay) {
      due = now().plus(delay);
      timer =
          Optional.of(
              host.scheduler()
                  .schedule(
                      () -> Thread.ofVirtual().name("probe").start(this::probe),
                      delay.toNanos(),
                      TimeUnit.NANOSECONDS));
    }

    void cancel() {
      cancelled = true;
      timer.ifPresent(future -> future.cancel(false));
      command.get().ifPresent(CommandProbe::kill);
    }

    private void probe() {
      if (cancelled) {
        return;
      }
      Duration began = now();
      ProbeAnswer answer = credible(ask(), new ProbeTimes(due, began, now(), probing.timeout()));
      mailbox.post(() -> {
        if (current.filter(repetition -> repetition == this).isPresent()) {
          switch (answer) {
            case ProbeAnswer.Well() -> events.accept(new ProcessEvent.ProbeSucceeded());
            case ProbeAnswer.NotWell(String why) ->
                events.accept(new ProcessEvent.ProbeFailed(plan.redaction().redact(why)));
            case ProbeAnswer.NotAsked(String why) ->
                LOG.log(Level.FINE, "a probe says nothing: {0}", why);
          }
          if (!cancelled) {
            schedule(probing.interval());
          }
        }
      });
    }

    private static ProbeAnswer credible(ProbeAnswer answer, ProbeTimes times) {
      return switch (answer) {
        case ProbeAnswer.NotWell(String why) ->
            times
                .findDoubt()
                .<ProbeAnswer>map(doubt -> new ProbeAnswer.NotAsked(why + ", but " + doubt))
                .orElse(answer);
        case ProbeAnswer.Well(), ProbeAnswer.NotAsked(String _) -> answer;
      };
    }

    private Duration now() {
      return Duration.ofNanos(host.nanoTime().getAsLong());
    }

    private ProbeAnswer ask() {
      return switch (probing.sign()) {
        case Readiness.Sign.Answer(Probe probe) -> ask(probe);
        case Readiness.Sign.Line _ -> lines.orElseThrow().look();
        case Readiness.Sign.StayedUp() ->
            throw new IllegalStateException("to stay up is not asked for");
      };
    }

    private ProbeAnswer ask(Probe probe) {
      return switch (probe) {
        case Probe.Http http -> runner.run(http, probing.timeout());
        case Probe.Tcp tcp -> runner.run(tcp, probing.timeout());
        case Probe.Command(var arguments) -> {
          Optional<String> refusal =
              rules.againstCommandLine(arguments, Optional.of(plan.definition().user()));
          if (refusal.isPresent()) {
            yield new ProbeAnswer.NotAsked(refusal.get());
          }
          try {
            yield askCommand(
                CommandProbe.start(
                    host.programs(),
                    cgroup,
                    arguments,
                    environment(),
                    plan.definition().user(),
                    plan.workingFolder(),
                    probing.timeout(),
                    plan.redaction()));
          } catch (LaunchException failure) {
            yield new ProbeAnswer.NotWell(Failures.reason(failure));
          } catch (IOException failure) {
            yield new ProbeAnswer.NotAsked("it could not be started: " + Failures.reason(failure));
          }
        }
      };
    }

    private ProbeAnswer askCommand(CommandProbe probe) {
      command.set(Optional.of(probe));
      if (cancelled) {
        probe.kill();
      }
      try {
        return probe
            .await(probing.timeout())
            .<ProbeAnswer>map(ProbeAnswer.NotWell::new)
            .orElse(ProbeAnswer.WELL);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new ProbeAnswer.NotWell("interrupted");
      } finally {
        command.set(Optional.empty());
      }
    }

    private Map<String, String> environment() {
      Map<String, String> environment = new LinkedHashMap<>(plan.environment());
      launch.ifPresent(
          record -> environment.put(LaunchRecord.VARIABLE, record.launch().toString()));
      return environment;
    }
  }
}
