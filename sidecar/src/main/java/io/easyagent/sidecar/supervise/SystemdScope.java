package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.linux.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The scope {@code easyagent-agents.scope}, delegated to us by systemd: beside the sidecar's unit,
 * so that the unit can be restarted while agents run, and before it, so that at the machine's end
 * the unit has stopped the agents in their order before systemd ends what is left. An anchor keeps
 * the scope when no agent runs.
 */
public final class SystemdScope implements AgentsScope {
  /** Set by the unit: its own name. */
  public static final String UNIT = "EASYAGENT_UNIT";

  static final String NAME = "easyagent-agents.scope";

  /** On hosts that are no containers of others. */
  static final String USUAL_GROUP = "/system.slice/" + NAME;

  private static final Logger LOG = Logger.getLogger(SystemdScope.class.getName());
  private static final int LONGEST_ANSWER = 4_096;
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  /** In the anchor's environment, to know it by; keepers have none. */
  private static final String ANCHOR = "EASYAGENT_ANCHOR";

  /** For what of an agent the sidecar could not stop, because it was down itself. */
  private static final String STOP_TIMEOUT = "5min";

  private final String systemctl;
  private final String systemdRun;
  private final String unit;
  private final CgroupParents parents;
  private final Proc proc = new Proc();
  private Optional<ProcessIdentity> anchor = Optional.empty();

  private SystemdScope(String systemctl, String systemdRun, String unit) throws IOException {
    this.systemctl = systemctl;
    this.systemdRun = systemdRun;
    this.unit = unit;
    if (!isActive()) {
      makeAnew();
    }
    this.parents = CgroupParents.in(requireGroup());
    anchorAll();
    this.anchor = findAnchor();
    ensure();
  }

  /**
   * Finds the scope of an earlier life of the sidecar or makes it.
   *
   * @return empty when the sidecar is not root's unit of that environment
   * @throws IOException when systemd does not make it
   */
  public static Optional<SystemdScope> open(Map<String, String> environment) throws IOException {
    String unit = environment.getOrDefault(UNIT, "");
    if (!unit.matches("[A-Za-z0-9:_.@-]{1,200}[.]service") || Processes.effectiveUser() != 0) {
      return Optional.empty();
    }
    return Optional.of(
        new SystemdScope(
            HostPrograms.require("systemctl"), HostPrograms.require("systemd-run"), unit));
  }

  public CgroupParents parents() {
    return parents;
  }

  /**
   * Somebody may have stopped the scope, and every agent with it: then the anchor is gone, and what
   * was launched into what is left would end with it.
   */
  @Override
  public synchronized void ensure() {
    if (anchor.flatMap(proc::findStat).filter(stat -> !stat.hasEnded()).isPresent()) {
      return;
    }
    try {
      if (isActive()) {
        addAnchor();
      } else {
        makeAnew();
      }
      anchorAll();
      anchor = findAnchor();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "{0} is not there: {1}", new Object[] {NAME, failure.getMessage()});
    }
  }

  private boolean isActive() throws IOException {
    return property("ActiveState").equals("active");
  }

  private String requireGroup() throws IOException {
    String group = property("ControlGroup");
    if (!group.startsWith("/") || !group.endsWith("/" + NAME)) {
      throw new IOException(NAME + ": its cgroup is " + group + " (expected: one of its name)");
    }
    return group;
  }

  private Optional<ProcessIdentity> findAnchor() throws IOException {
    for (Path parent : parents.all().toList()) {
      for (String pid : Files.readAllLines(AgentCgroup.procsIn(AgentCgroup.anchorIn(parent)))) {
        if (proc.environmentHas(Integer.parseInt(pid), ANCHOR + "=" + NAME)) {
          return proc.findStat(Integer.parseInt(pid)).map(ProcStat::identity);
        }
      }
    }
    return Optional.empty();
  }

  /** Where somebody ended the anchor alone: agents live, so the scope must not be made anew. */
  private void addAnchor() throws IOException {
    Process process = start(List.of(HostPrograms.require("sleep"), "infinity"));
    for (Path parent : parents.all().toList()) {
      Files.writeString(
          AgentCgroup.procsIn(AgentCgroup.anchorIn(parent)),
          Long.toString(process.pid()),
          StandardOpenOption.WRITE);
    }
  }

  /** After the old one is gone; one that is being stopped may take its time for that. */
  private void makeAnew() throws IOException {
    if (property("ActiveState").equals("deactivating")) {
      awaitEnd(start(List.of(systemctl, "stop", NAME)));
    }
    Process process =
        start(
            List.of(
                systemdRun,
                "--quiet",
                "--collect",
                "--scope",
                "--unit=" + NAME,
                "--slice=system.slice",
                "--description=Agents of the EasyAgent sidecar",
                "--property=Delegate=yes",
                "--property=TasksMax=infinity",
                "--property=Before=" + unit,
                "--property=TimeoutStopSec=" + STOP_TIMEOUT,
                HostPrograms.require("sh"),
                "-c",
                "echo made; cd /; exec \"$1\" infinity </dev/null >/dev/null 2>&1",
                "easyagent-anchor",
                HostPrograms.require("sleep")));
    try (BufferedReader answer = process.inputReader(StandardCharsets.UTF_8)) {
      String line = answer.readLine();
      if (!"made".equals(line)) {
        process.destroyForcibly();
        throw new IOException("systemd-run: " + (line == null ? "no answer" : line));
      }
    }
    LOG.info(NAME + " is made; its anchor is process " + process.pid());
  }

  private static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cgroup v2 lets no process stay in a group that gives controllers to groups below it. */
  private void anchorAll() throws IOException {
    for (Path parent : parents.all().toList()) {
      Path anchors = Files.createDirectories(AgentCgroup.anchorIn(parent));
      for (String pid : Files.readAllLines(AgentCgroup.procsIn(parent))) {
        Files.writeString(AgentCgroup.procsIn(anchors), pid, StandardOpenOption.WRITE);
      }
    }
  }

  private String property(String name) throws IOException {
    Process process = start(List.of(systemctl, "show", "--property=" + name, "--value", NAME));
    try (InputStream answer = process.getInputStream()) {
      return new String(answer.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8).strip();
    }
  }

  private static Process start(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put(ANCHOR, NAME);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
