package io.easyagent.acceptance.demo;

import io.easyagent.api.Host;
import io.easyagent.testkit.FreePorts;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code ./dev up}: a server and three hosts to play with, until Ctrl-C. */
public final class Up {
  private static final List<String> HOSTS = List.of("web-1", "web-2", "db-1");

  private Up() {}

  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.parse(arguments);
    Workplace workplace = Workplace.create();
    Runtime.getRuntime().addShutdownHook(new Thread(workplace::clear));
    ControlPlane plane = new ControlPlane(workplace, settings.easyagent(), FreePorts.one());
    System.out.println("server: " + plane.start());
    for (String name : HOSTS) {
      DemoHost host = new DemoHost(workplace, settings.sidecar(), name);
      String role = name.substring(0, name.indexOf('-'));
      Host enrolled = host.enroll(plane, List.of("role=" + role, "title=" + name));
      System.out.println("host:   " + enrolled.id() + " " + enrolled.labels());
    }
    System.out.println("logs:   " + workplace.folder() + "/*.log");
    System.out.println("token:  " + plane.tokenFile());
    System.out.println();
    System.out.println("In another terminal, as the operator who is logged in:");
    System.out.println("  export EASYAGENT_CONFIG=" + plane.operator().configuration());
    System.out.println("  alias easyagent=" + settings.easyagent().resolve("bin/easyagent"));
    System.out.println("  easyagent host list");
    System.out.println("  easyagent exec --hosts role=web -- uptime");
    System.out.println("Ctrl-C ends it and removes everything.");
    new CountDownLatch(1).await();
  }
}
