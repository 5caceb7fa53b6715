package io.easyagent.sidecar.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.process.ProcessState.Clearing;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.ProcessState.HookClearing;
import io.easyagent.sidecar.process.ProcessState.HookLaunching;
import io.easyagent.sidecar.process.ProcessState.Launching;
import io.easyagent.sidecar.process.ProcessState.Run;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TransitionsTest {
  private static final List<Visit> VISITS = Transitions.all();

  @Test
  void everyStateMeetsEveryEvent() {
    Set<String> wanted = new TreeSet<>();
    for (Class<?> state : ProcessState.class.getPermittedSubclasses()) {
      for (Class<?> event : kinds(ProcessEvent.class)) {
        wanted.add(state.getSimpleName() + " × " + event.getSimpleName());
      }
    }
    Set<String> visited =
        VISITS.stream()
            .map(visit -> visit.state() + " × " + visit.eventName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(wanted, visited);
    assertTrue(wanted.size() >= 14 * 17, "pairs: " + wanted.size());
  }

  private static List<Class<?>> kinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(kind -> kind.isSealed() ? kinds(kind).stream() : Stream.of(kind))
        .toList();
  }

  private static Optional<Run> run(ProcessState state) {
    return switch (state) {
      case ProcessState.Starting(var run, var _, var _) -> Optional.of(run);
      case ProcessState.Running(var run, var _, int _) -> Optional.of(run);
      case ProcessState.Stopping(var run, var _, var _, var _) -> Optional.of(run);
      case ProcessState.Killing(var run, var _, var _, var _) -> Optional.of(run);
      case ProcessState.HookRunning(var _, var run, var _, boolean _) -> Optional.of(run);
      case ProcessState.Finding(),
          ProcessState.Stopped(),
          ProcessState.Launching(int _, boolean _),
          ProcessState.HookLaunching(var _),
          ProcessState.HookClearing(var _, var _, var _),
          ProcessState.Clearing(var _, var _),
          ProcessState.BackingOff(var _, int _),
          ProcessState.Ended(var _),
          ProcessState.Waiting() ->
          Optional.empty();
    };
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
      Optional<Run> before = run(visit.before().state());
      if (before.isPresent() && !(visit.event() instanceof ProcessEvent.ProcessEnded)) {
        assertEquals(before, run(visit.step().life().state()), visit::toString);
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
      if (launches(visit) > 0) {
        assertTrue(run(visit.before().state()).isEmpty(), visit::toString);
        assertFalse(
            (visit.before().state() instanceof Clearing
                    || visit.before().state() instanceof HookClearing)
                && !(visit.event() instanceof ProcessEvent.TreeCleared),
            visit::toString);
      }
    }
  }

  @Test
  void aHookIsLaunchedExactlyWhenItsLaunchingBegins() {
    for (Visit visit : VISITS) {
      boolean launches = count(visit, ProcessAction.LaunchHook.class) > 0;
      if (visit.step().life().state() instanceof HookLaunching(var due)) {
        assertTrue(
            launches
                || visit.before().state() instanceof HookLaunching
                || visit.event() instanceof ProcessEvent.StopWanted
                || visit.event() instanceof ProcessEvent.StartWanted,
            visit::toString);
        if (launches) {
          assertTrue(
              visit.step().actions().contains(new ProcessAction.LaunchHook(due)), visit::toString);
        }
      } else {
        assertFalse(launches, visit::toString);
      }
    }
  }

  @Test
  void noProcessIsLaunchedBesidesOrWithoutTheHooksOfItsDefinition() {
    for (Visit visit : VISITS) {
      assertTrue(launches(visit) <= 1, visit::toString);
      if (visit.step().life().state() instanceof Launching(int _, boolean prepared)
          && count(visit, ProcessAction.Launch.class) > 0) {
        assertEquals(
            visit.before().state() instanceof HookClearing(Due.PreStart _, var _, var _),
            prepared,
            visit::toString);
        assertTrue(prepared || visit.rules().hooks().preStart().isEmpty(), visit::toString);
      }
    }
  }

  @Test
  void aPostStopFollowsEveryEndOfAStartOnce() {
    for (Visit visit : VISITS) {
      if (visit.event() instanceof ProcessEvent.TreeCleared
          && visit.before().state() instanceof Clearing(var ending, var _)) {
        assertEquals(
            ending.postStopDue() && visit.rules().hooks().postStop().isPresent(),
            visit.step().actions().contains(new ProcessAction.LaunchHook(new Due.PostStop(ending))),
            visit::toString);
      }
      if (visit.before().state() instanceof HookClearing(Due.PostStop _, var _, var _)) {
        assertFalse(
            visit.step().actions().stream()
                .anyMatch(action -> action instanceof ProcessAction.LaunchHook(Due.PostStop _)),
            visit::toString);
      }
    }
  }

  private static long launches(Visit visit) {
    return count(visit, ProcessAction.Launch.class) + count(visit, ProcessAction.LaunchHook.class);
  }

  @Test
  void nothingIsLaunchedForWhatIsToBeStopped() {
    for (Visit visit : VISITS) {
      if (visit.step().life().desired() == DesiredState.STOPPED
          && visit.before().desired() == DesiredState.STOPPED
          && !(visit.event() instanceof ProcessEvent.StartWanted)
          && consistent(visit)) {
        assertTrue(
            visit.step().actions().stream()
                .allMatch(action ->
                    !(action instanceof ProcessAction.Launch)
                        && !(action instanceof ProcessAction.LaunchHook(Due.PreStart _))),
            visit::toString);
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
      Optional<ProcessState.Ending> ended =
          switch (visit.before().state()) {
            case Clearing(var ending, var _) -> Optional.of(ending);
            case HookClearing(Due.PostStop(var ending), var _, var _) -> Optional.of(ending);
            default -> Optional.empty();
          };
      if (ended
              .flatMap(ProcessState.Ending::reason)
              .equals(Optional.of(ProcessState.StopReason.HELD))
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
