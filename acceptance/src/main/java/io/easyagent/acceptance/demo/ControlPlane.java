package io.easyagent.acceptance.demo;

import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server started from its distribution, and the operator who is logged in to it. */
final class ControlPlane {
  private static final String ADDRESS = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path data;
  private final String operatorsAddress;
  private final String hostsAddress;
  private final Daemon server;
  private final Program program;
  private final Operator operator;

  /**
   * @param jmxPort where the server's JVM listens for JMX, on the loopback address
   */
  ControlPlane(Workplace workplace, Path easyagent, int jmxPort) throws IOException {
    List<Integer> ports = FreePorts.several(2);
    Path start = easyagent.resolve("bin/easyagent");
    data = workplace.folder("server");
    operatorsAddress = ADDRESS + ":" + ports.get(0);
    hostsAddress = ADDRESS + ":" + ports.get(1);
    server =
        new Daemon(
            "server",
            List.of(
                start.toString(),
                "server",
                "--data",
                data.toString(),
                "--bind",
                ADDRESS,
                "--name",
                ADDRESS,
                "--operator-port",
                ports.get(0).toString(),
                "--host-port",
                ports.get(1).toString()),
            Map.of("EASYAGENT_JAVA_OPTS", jmxOptions(jmxPort)),
            workplace.folder().resolve("server.log"));
    Path configuration = workplace.folder("operator").resolve("config.yaml");
    program =
        new Program(
            Map.of("EASYAGENT_CONFIG", configuration.toString()), workplace.folder("output"));
    operator = new Operator(start, configuration, program);
  }

  Daemon server() {
    return server;
  }

  Operator operator() {
    return operator;
  }

  /** Runs what an operator runs. */
  Program program() {
    return program;
  }

  String hostsAddress() {
    return hostsAddress;
  }

  Path tokenFile() {
    return data.resolve("admin.token");
  }

  private Path authorityFile() {
    return data.resolve("ca").resolve("ca.crt");
  }

  String url() {
    return "https://" + operatorsAddress;
  }

  /** Starts the server and logs the operator in. */
  String start() throws Exception {
    server.start();
    awaitAnswer(
        "login",
        "--server",
        url(),
        "--ca-file",
        authorityFile().toString(),
        "--token-file",
        tokenFile().toString());
    return "pid "
        + server.requirePid()
        + ", "
        + url()
        + " for people, "
        + hostsAddress
        + " for hosts";
  }

  /** After a kill. */
  void startAgain() throws Exception {
    server.start();
    awaitAnswer("version");
  }

  /** The only host that the selector matches, once it is online. */
  Host awaitOnline(String selector) {
    return Eventually.awaitValue(
        PATIENCE,
        "host " + selector + " is online",
        () ->
            operator.hosts(selector).stream()
                .filter(each -> each.status() == Host.Status.online)
                .findFirst());
  }

  private void awaitAnswer(String... command) {
    Eventually.await(
        PATIENCE,
        "the server answers",
        () -> {
          server.requirePid();
          return Files.exists(tokenFile()) && operator.succeeds(command);
        });
  }

  private static String jmxOptions(int port) {
    return String.join(
        " ",
        "-Dcom.sun.management.jmxremote.port=" + port,
        "-Dcom.sun.management.jmxremote.rmi.port=" + port,
        "-Dcom.sun.management.jmxremote.host=127.0.0.1",
        "-Djava.rmi.server.hostname=127.0.0.1",
        "-Dcom.sun.management.jmxremote.authenticate=false",
        "-Dcom.sun.management.jmxremote.ssl=false");
  }
}
