package io.easyagent.benchmarks.jmh;

import io.easyagent.server.session.rpc.CommandBenchmark;
import io.easyagent.server.session.rpc.ReportBenchmark;
import io.easyagent.sidecar.journal.store.JournalBenchmark;
import io.easyagent.sidecar.prepare.TemplateBenchmark;
import io.easyagent.sidecar.session.OutboxBenchmark;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;

/** Every benchmark there is. */
final class Benchmarks {
  private static final List<Class<?>> CLASSES =
      List.of(
          ReportBenchmark.class,
          HostsBenchmark.class,
          EventsBenchmark.class,
          CommandBenchmark.class,
          JournalBenchmark.class,
          OutboxBenchmark.class,
          TemplateBenchmark.class);

  private Benchmarks() {}

  /**
   * One method.
   *
   * @param shown for people, for example {@code ReportBenchmark.decode}
   * @param name with its package
   */
  record Named(String shown, String name) {}

  /** Those of whose names a part matches, in their order. */
  static List<Named> matching(Pattern pattern) {
    return CLASSES.stream()
        .flatMap(Benchmarks::of)
        .filter(named -> pattern.matcher(named.shown()).find())
        .toList();
  }

  private static Stream<Named> of(Class<?> owner) {
    return Arrays.stream(owner.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(Method::getName)
        .sorted(Comparator.naturalOrder())
        .map(method ->
            new Named(owner.getSimpleName() + "." + method, owner.getName() + "." + method));
  }
}
