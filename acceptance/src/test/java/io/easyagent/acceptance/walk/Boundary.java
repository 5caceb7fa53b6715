package io.easyagent.acceptance.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A place inside a walked process at which it can be struck. The test arms it with a file that
 * holds how many boundaries are still passed, and how the process is struck at the next one, having
 * written where it stood.
 */
public final class Boundary {
  private static final int SIGKILL = 9;

  /** What happens at the boundary. */
  enum Blow {
    /** The process sends itself SIGKILL. */
    KILL,
    /** The process stands still there: what comes next, comes from outside. */
    HOLD,
    /** The process goes on: what comes next, comes from outside, a little later. */
    PASS
  }

  private final Path armed;
  private final Path passed;
  private final Path struck;

  public Boundary(Path folder) {
    armed = armedFile(folder);
    passed = passedFile(folder);
    struck = struckFile(folder);
  }

  private static Path armedFile(Path folder) {
    return folder.resolve("armed");
  }

  private static Path passedFile(Path folder) {
    return folder.resolve("passed");
  }

  private static Path struckFile(Path folder) {
    return folder.resolve("struck");
  }

  /** Strikes at the boundary after the next {@code left} ones. */
  static void arm(Path folder, int left, Blow blow) throws IOException {
    Files.deleteIfExists(passedFile(folder));
    Files.deleteIfExists(struckFile(folder));
    Path written = folder.resolve("armed.new");
    Files.writeString(written, left + " " + blow);
    Files.move(written, armedFile(folder), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Where it struck since it was armed, if it did. */
  static Optional<String> struck(Path folder) throws IOException {
    return Files.exists(struckFile(folder))
        ? Optional.of(passed(folder).getLast())
        : Optional.empty();
  }

  static void disarm(Path folder) throws IOException {
    Files.deleteIfExists(armedFile(folder));
  }

  /** Every boundary that was reached since it was armed, until it struck. */
  private static List<String> passed(Path folder) throws IOException {
    return Files.readAllLines(passedFile(folder));
  }

  public void reached(String place) {
    reached(place, () -> {});
  }

  /**
   * @param beforeDeath what is done just before the process kills itself
   */
  public synchronized void reached(String place, Runnable beforeDeath) {
    try {
      if (!Files.exists(armed)) {
        return;
      }
      String[] words = Files.readString(armed).strip().split(" ");
      int left = Integer.parseInt(words[0]);
      Blow blow = Blow.valueOf(words[1]);
      Files.writeString(
          passed,
          place + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      if (left > 0) {
        Files.writeString(armed, (left - 1) + " " + blow, StandardOpenOption.TRUNCATE_EXISTING);
        return;
      }
      // In one step: whoever disarms it either finds that it struck, or it does not strike.
      Files.move(armed, struck, StandardCopyOption.ATOMIC_MOVE);
      switch (blow) {
        case KILL -> {
          beforeDeath.run();
          killSelf();
        }
        case HOLD -> LockSupport.parkNanos(Long.MAX_VALUE);
        case PASS -> {}
      }
    } catch (NoSuchFileException disarmed) {
      // by the test, just now
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static void killSelf() {
    Linker linker = Linker.nativeLinker();
    MethodHandle kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int _ = (int) kill.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
    while (true) {
      Thread.onSpinWait();
    }
  }
}
