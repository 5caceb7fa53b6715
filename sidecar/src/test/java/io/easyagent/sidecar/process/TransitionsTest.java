package io.easyagent.sidecar.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.process.ProcessState.Clearing;
import io.easyagent.sidecar.process.Transitions.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  private static final List<Visit> VISITS = Transitions.all();

  @Test
  void everyStateMeetsEveryEvent() {
    Set<String> wanted = new TreeSet<>();
    for (Class<?> state : ProcessState.class.getPermittedSubclasses()) {
      for (Class<?> event : ProcessEvent.class.getPermittedSubclasses()) {
        wanted.add(state.getSimpleName() + " × " + event.getSimpleName());
      }
    }
    Set<String> visited =
        VISITS.stream()
            .map(visit -> visit.state() + " × " + visit.eventName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(wanted, visited);
    assertTrue(wanted.size() >= 11 * 15, "pairs: " + wanted.size());
  }

  @Test
  void everyStateIsReachedFromAnother() {
    Set<String> reached =
        VISITS.stream()
            .filter(visit -> !visit.next().equals(visit.state()))
            .map(Visit::next)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> wanted =
        Arrays.stream(ProcessState.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .filter(name -> !name.equals("Finding"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(wanted, reached);
  }

  @Test
  void aProcessIsOnlyLeftWhenItHasEnded() {
    for (Visit visit : VISITS) {
      if (visit.before().state().pid().isPresent()
          && !(visit.event() instanceof ProcessEvent.ProcessEnded)) {
        assertEquals(
            visit.before().state().pid(), visit.step().life().state().pid(), visit::toString);
      }
    }
  }

  @Test
  void aLaunchIsAskedForExactlyWhenLaunchingBegins() {
    for (Visit visit : VISITS) {
      boolean begins = visit.next().equals("Launching") && !visit.state().equals("Launching");
      long launches = count(visit, ProcessAction.Launch.class);
      if (visit.state().equals("Launching")) {
        // A launch that failed is followed by another one: the same state again.
        assertTrue(launches <= 1, visit::toString);
      } else {
        assertEquals(begins ? 1 : 0, launches, visit::toString);
      }
    }
  }

  @Test
  void aSuccessorNeverStartsBesideItsPredecessor() {
    for (Visit visit : VISITS) {
      if (count(visit, ProcessAction.Launch.class) > 0) {
        assertTrue(visit.before().state().pid().isEmpty(), visit::toString);
        assertFalse(
            visit.before().state() instanceof Clearing
                && !(visit.event() instanceof ProcessEvent.TreeCleared),
            visit::toString);
      }
    }
  }

  @Test
  void nothingIsLaunchedForWhatIsToBeStopped() {
    for (Visit visit : VISITS) {
      if (visit.step().life().desired() == DesiredState.STOPPED
          && visit.before().desired() == DesiredState.STOPPED
          && !(visit.event() instanceof ProcessEvent.StartWanted)
          && consistent(visit)) {
        assertEquals(0, count(visit, ProcessAction.Launch.class), visit::toString);
      }
    }
  }

  /** Back-off and waiting are never met by what is to be stopped: a stop leaves them at once. */
  private static boolean consistent(Visit visit) {
    return !visit.state().equals("BackingOff") && !visit.state().equals("Waiting");
  }

  @Test
  void whatIsHeldIsLaunchedOnlyWhenAStartIsWanted() {
    for (Visit visit : VISITS) {
      if (visit.before().state() instanceof Clearing(var ending, var _)
          && ending.reason().equals(Optional.of(ProcessState.StopReason.HELD))
          && !visit.rules().type().equals(AgentType.SCHEDULED)) {
        assertEquals(0, count(visit, ProcessAction.Launch.class), visit::toString);
      }
    }
  }

  @Test
  void onlyTheTwoWishesChangeWhatIsDesired() {
    for (Visit visit : VISITS) {
      DesiredState expected =
          switch (visit.event()) {
            case ProcessEvent.StartWanted _ -> DesiredState.RUNNING;
            case ProcessEvent.StopWanted _ -> DesiredState.STOPPED;
            default -> visit.before().desired();
          };
      assertEquals(expected, visit.step().life().desired(), visit::toString);
    }
  }

  @Test
  void aStopSignalIsSentWhenStoppingBegins() {
    for (Visit visit : VISITS) {
      boolean begins = visit.next().equals("Stopping") && !visit.state().equals("Stopping");
      assertEquals(
          begins ? 1 : 0, count(visit, ProcessAction.SendStopSignal.class), visit::toString);
    }
  }

  @Test
  void aStopWishIsAnsweredOrOnItsWay() {
    for (Visit visit : VISITS) {
      if (visit.event() instanceof ProcessEvent.StopWanted) {
        assertNotEquals("Running", visit.next(), visit::toString);
        boolean answered =
            count(visit, ProcessAction.ReportStopped.class)
                    + count(visit, ProcessAction.ReportAlreadyStopped.class)
                == 1;
        assertEquals(visit.next().equals("Stopped"), answered, visit::toString);
      }
    }
  }

  @Test
  void theDiagramInTheDocumentationIsTheCodes() throws IOException {
    Path file = Path.of("..", "docs", "process-states.md");
    String generated = StateDiagram.render(VISITS);
    if (Boolean.getBoolean("easyagent.writeDocs")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertTrue(Files.exists(file), () -> "missing: " + file + "\n" + generated);
    assertEquals(generated, Files.readString(file));
  }

  private static long count(Visit visit, Class<? extends ProcessAction> action) {
    return visit.step().actions().stream().filter(action::isInstance).count();
  }
}
