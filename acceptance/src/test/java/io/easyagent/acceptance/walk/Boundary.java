package io.easyagent.acceptance.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A place inside a walked process at which it can be killed. The test arms it with a file that
 * holds how many boundaries are still passed; at the next one the process sends itself SIGKILL,
 * having written where it stood.
 */
public final class Boundary {
  private static final int SIGKILL = 9;

  private final Path armed;
  private final Path passed;

  public Boundary(Path folder) {
    armed = armedFile(folder);
    passed = passedFile(folder);
  }

  static Path armedFile(Path folder) {
    return folder.resolve("armed");
  }

  static Path passedFile(Path folder) {
    return folder.resolve("passed");
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
      int left = Integer.parseInt(Files.readString(armed).strip());
      Files.writeString(
          passed,
          place + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      if (left > 0) {
        Files.writeString(armed, Integer.toString(left - 1));
        return;
      }
      Files.delete(armed);
      beforeDeath.run();
      killSelf();
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
