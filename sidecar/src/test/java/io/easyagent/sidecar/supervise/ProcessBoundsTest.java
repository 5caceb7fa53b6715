package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.linux.Proc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProcessBoundsTest {
  private static final OptionalLong NONE = OptionalLong.empty();
  private static final Limits EVERY =
      new Limits(
          OptionalDouble.empty(),
          NONE,
          NONE,
          OptionalLong.of(64),
          OptionalLong.of(0),
          OptionalLong.of(10));

  private final List<String> conditions = new ArrayList<>();

  private static HostPrograms programs(String prlimit, String nice) throws IOException {
    HostPrograms here = HostPrograms.locate();
    return new HostPrograms(
        here.keeperShell(),
        here.shell(),
        here.env(),
        here.setsid(),
        here.setpriv(),
        prlimit,
        nice,
        here.sleep());
  }

  private List<String> links(HostPrograms programs, Limits limits, OptionalInt nice) {
    return new ProcessBounds(new Proc(), programs, conditions).links(limits, nice, false);
  }

  @Test
  void whatIsNotWishedHasNoLink() throws IOException {
    assertEquals(List.of(), links(programs("/p", "/n"), Limits.NONE, OptionalInt.empty()));
    assertEquals(
        List.of(),
        links(programs("/p", "/n"), Limits.NONE, OptionalInt.of(new Proc().ownNiceness())));
    assertEquals(List.of(), conditions);
  }

  @Test
  void limitsComeBeforeThePriority() throws IOException {
    int own = new Proc().ownNiceness();
    assertEquals(
        List.of("/p", "--nofile=64:64", "--core=0:0", "--nproc=10:10", "--", "/n", "-n", "2"),
        links(programs("/p", "/n"), EVERY, OptionalInt.of(own + 2)));
    assertEquals(List.of(), conditions);
  }

  @Test
  void whatTheHostLacksIsACondition() throws IOException {
    int own = new Proc().ownNiceness();
    assertEquals(List.of(), links(programs("", ""), EVERY, OptionalInt.of(own + 2)));
    assertEquals(2, conditions.size(), conditions.toString());
    assertTrue(conditions.getFirst().endsWith("this host has no prlimit"), conditions.toString());
    assertTrue(conditions.getLast().endsWith("has no program nice"), conditions.toString());
  }
}
