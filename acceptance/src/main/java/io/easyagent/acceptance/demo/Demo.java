package io.easyagent.acceptance.demo;

import io.easyagent.testkit.FreePorts;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** {@code ./dev demo}. */
public final class Demo {
  private static final int LAST_LINES = 15;

  private final PrintStream out;
  private final Settings settings;

  private Demo(PrintStream out, Settings settings) {
    this.out = out;
    this.settings = settings;
  }

  /** Ends with status 0 when every step did what it should, else with 1. */
  public static void main(String[] arguments) throws Exception {
    System.exit(new Demo(System.out, Settings.parse(arguments)).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    Workplace workplace = Workplace.create();
    Thread cleaning = new Thread(workplace::clear);
    Runtime.getRuntime().addShutdownHook(cleaning);
    Steps steps = new Steps(out, System::nanoTime, workplace::processes);
    List<Integer> ports = FreePorts.several(2);
    int jmxPort = ports.get(0);
    ControlPlane plane = new ControlPlane(workplace, settings.easyagent(), jmxPort);
    DemoHost host = new DemoHost(workplace, settings.sidecar(), "demo-host");
    Exporter exporter =
        new Exporter(settings.java(), System.getProperty("user.name"), ports.get(1), jmxPort);
    Life life = new Life(steps, plane, host, exporter, settings.agents(), workplace);
    try {
      life.live();
      if (settings.keep()) {
        life.liveOn();
        keep(plane, host);
      }
      steps.step("nothing left behind", () -> leave(workplace, plane, host));
    } catch (Steps.StepFailed failure) {
      explain(failure, plane.server(), host.sidecar());
      return false;
    }
    Runtime.getRuntime().removeShutdownHook(cleaning);
    out.printf(
        Locale.ROOT,
        "demo: ok (%d steps, %.1f s)%n",
        steps.count(),
        steps.elapsed().toMillis() / 1000.0);
    return true;
  }

  private void explain(Steps.StepFailed failure, Daemon... daemons) throws IOException {
    out.println("demo: failed at " + failure.getMessage());
    for (Daemon daemon : daemons) {
      out.println("-- last lines of the " + daemon.name());
      out.println(daemon.lastLines(LAST_LINES));
    }
  }

  private void keep(ControlPlane plane, DemoHost host) throws InterruptedException {
    String easyagent = settings.easyagent().resolve("bin/easyagent").toString();
    out.println();
    out.println("up:     " + plane.url() + ", admin token in " + plane.tokenFile());
    out.println("try:    export EASYAGENT_CONFIG=" + plane.operator().configuration());
    out.println("        " + easyagent + " agent list --all");
    out.println("        " + easyagent + " agent show " + Exporter.NAME + " --host " + host.id());
    out.println("        " + easyagent + " exec --host " + host.id() + " -- uptime");
    out.println("Ctrl-C ends it and removes everything.");
    new CountDownLatch(1).await();
  }

  private static String leave(Workplace workplace, ControlPlane plane, DemoHost host)
      throws Exception {
    host.sidecar().stop();
    plane.server().stop();
    List<ProcessHandle> left = workplace.processes();
    if (!left.isEmpty()) {
      throw new IllegalStateException("processes left: " + Workplace.describe(left));
    }
    workplace.remove();
    return "no process, no file";
  }
}
