package io.easyagent.acceptance.service;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Three agents on a real host, installed in the order of their names, that write into one file what
 * they see of their lives: {@code start a}, {@code ready a}, {@code term a}, {@code end a up} (or
 * {@code down}: whether the server could be reached as they ended). The middle one never ends by
 * itself. The first is ready a while after its start.
 */
final class Witnesses {
  static final Duration SOON = Duration.ofSeconds(45);
  static final List<String> NAMES = List.of("a", "b", "c");

  /** Of the stubborn one; the others take two seconds to end. */
  static final int GRACE_SECONDS = 4;

  private static final String LIFE = "/witness/life";

  private static final String PROGRAM =
      """
      #!/bin/bash
      # witness NAME PORT: asked to end, it takes two seconds, and then looks for the server.
      name=$1 port=$2
      rm -f /witness/ready-$name
      echo "start $name" >>/witness/life
      ended() {
        echo "term $name" >>/witness/life
        rm -f /witness/ready-$name
        [ "$name" != b ] || return
        sleep 2 & wait $!
        if timeout 1 bash -c "exec 3<>/dev/tcp/10.77.0.1/$port" 2>/dev/null; then up=up; else up=down; fi
        echo "end $name $up" >>/witness/life
        exit 0
      }
      trap ended TERM
      [ "$name" != a ] || { sleep 0.7 & wait $!; }
      echo "ready $name" >>/witness/life
      touch /witness/ready-$name
      while :; do sleep 1000 & wait $!; done
      """;

  private final RealHost host;

  private Witnesses(RealHost host) {
    this.host = host;
  }

  static Witnesses install(RealHost host, ControlPlane server, Path folder) throws Exception {
    host.run("install", "-d", "-m", "777", "/witness").expect(0);
    host.runWithInput(PROGRAM, "tee", "/witness/run").expect(0);
    host.shell("chmod 755 /witness/run && install -m 666 /dev/null " + LIFE).expect(0);
    CommandLine admin = server.commandLine();
    for (String name : NAMES) {
      Path file =
          Files.writeString(
              folder.resolve(name + ".yaml"),
              """
              name: %1$s
              user: nobody
              command: [/witness/run, %1$s, "%2$d"]
              ready: {command: [/usr/bin/test, -e, /witness/ready-%1$s], timeout: 20s}
              stop: {signal: TERM, grace: %3$ds}
              limits: {tasks: 64}
              """
                  .formatted(name, server.hostPort(), GRACE_SECONDS));
      admin.run("agent", "install", "--start", "--all", "-f", file.toString()).expect(0);
    }
    return new Witnesses(host);
  }

  /** Their processes, once all run. */
  Map<String, Integer> awaitRunning() {
    return Eventually.awaitValue(
        SOON,
        "three agents run",
        () -> Optional.of(running()).filter(pids -> pids.size() == NAMES.size()));
  }

  /** Name and process of each that runs. */
  Map<String, Integer> running() throws Exception {
    Map<String, Integer> pids = new TreeMap<>();
    String lines = host.run("pgrep", "-a", "-f", "^/bin/bash /witness/run ").output();
    for (String line : lines.lines().toList()) {
      String[] words = line.split(" ");
      pids.put(words[3], Integer.valueOf(words[0]));
    }
    return pids;
  }

  /** What they wrote since the last time that this was asked. */
  List<String> takeLife() throws Exception {
    List<String> life = new ArrayList<>(life());
    host.shell(": > " + LIFE).expect(0);
    return life;
  }

  List<String> life() throws Exception {
    return host.run("cat", LIFE).expect(0).output().lines().toList();
  }
}
