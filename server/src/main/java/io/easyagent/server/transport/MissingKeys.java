package io.easyagent.server.transport;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the components of a record that a body left out though they are not optional: Jackson
 * leaves {@code null} there, and nothing behind the edge expects it. Lists and maps count as empty.
 */
final class MissingKeys {
  private MissingKeys() {}

  /**
   * @throws RefusedException BAD_REQUEST that names every missing key
   */
  static void refuse(Object value) {
    List<Refusal.Fault> faults = new ArrayList<>();
    collect(value, "", faults);
    if (!faults.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              ErrorCode.BAD_REQUEST,
              faults.getFirst().place() + ": " + faults.getFirst().message(),
              faults));
    }
  }

  private static void collect(@Nullable Object value, String path, List<Refusal.Fault> faults) {
    switch (value) {
      case null -> faults.add(new Refusal.Fault(path, "missing (expected: a value)"));
      case Record fields -> {
        for (RecordComponent component : fields.getClass().getRecordComponents()) {
          String place = path.isEmpty() ? component.getName() : path + "." + component.getName();
          collect(read(fields, component), place, faults);
        }
      }
      case Optional<?> optional -> optional.ifPresent(found -> collect(found, path, faults));
      case List<?> list -> {
        for (int index = 0; index < list.size(); index++) {
          collect(list.get(index), path + "[" + index + "]", faults);
        }
      }
      case Map<?, ?> map -> map.forEach((key, child) -> collect(child, path + "." + key, faults));
      default -> {}
    }
  }

  private static @Nullable Object read(Record fields, RecordComponent component) {
    try {
      return component.getAccessor().invoke(fields);
    } catch (IllegalAccessException | InvocationTargetException failure) {
      throw new IllegalStateException("not readable: " + component, failure);
    }
  }
}
