package io.easyagent.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Pins the wire of EasyAgent 1.0: every message, field, value and method of {@code
 * easyagent-1.0.golden} keeps its name, number and type. The golden file was written from 1.0's
 * protocol facts, not from our .proto, and is never regenerated.
 */
class CompatibilityTest {
  private static final FileDescriptor FILE = Easyagent.getDescriptor();

  @Test
  void everythingOf10KeepsItsNameNumberAndType() {
    Set<String> missing = new TreeSet<>(golden());
    assertEquals(174, missing.size(), "lines of the golden file");
    missing.removeAll(described());
    assertEquals(Set.of(), missing, "changed or removed since 1.0");
  }

  @Test
  void whatIsNewTakesNoNumberThat10Uses() {
    for (String addition : described()) {
      if (!golden().contains(addition) && addition.startsWith("field ")) {
        String place = addition.substring(0, addition.lastIndexOf(' '));
        assertTrue(golden().stream().noneMatch(line -> line.startsWith(place + " ")), addition);
      }
    }
  }

  @Test
  void namesAndNumbersAreUniqueInEveryMessage() {
    messages()
        .forEach(message -> {
          long numbers =
              message.getFields().stream().map(FieldDescriptor::getNumber).distinct().count();
          assertEquals(message.getFields().size(), numbers, message.getFullName());
        });
  }

  private static Set<String> golden() {
    try (var stream = CompatibilityTest.class.getResourceAsStream("/easyagent-1.0.golden")) {
      return new TreeSet<>(
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Set<String> described() {
    Set<String> lines = new TreeSet<>();
    messages()
        .forEach(message -> {
          lines.add("message " + message.getFullName());
          message.getFields().forEach(field -> lines.add(describe(field)));
          message.getEnumTypes().forEach(values -> lines.addAll(describe(values)));
        });
    FILE.getServices().stream()
        .flatMap(service -> service.getMethods().stream())
        .forEach(method -> lines.add(describe(method)));
    return lines;
  }

  private static Stream<Descriptor> messages() {
    return FILE.getMessageTypes().stream().flatMap(CompatibilityTest::withNested);
  }

  private static Stream<Descriptor> withNested(Descriptor message) {
    return Stream.concat(
        Stream.of(message),
        message.getNestedTypes().stream()
            .filter(nested -> !nested.getOptions().getMapEntry())
            .flatMap(CompatibilityTest::withNested));
  }

  private static String describe(FieldDescriptor field) {
    String oneof =
        field.getRealContainingOneof() == null
            ? ""
            : " in " + field.getRealContainingOneof().getName();
    return "field "
        + field.getContainingType().getFullName()
        + "."
        + field.getName()
        + " = "
        + field.getNumber()
        + " "
        + type(field)
        + oneof;
  }

  private static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      Descriptor entry = field.getMessageType();
      return "map<"
          + type(entry.findFieldByNumber(1))
          + ","
          + type(entry.findFieldByNumber(2))
          + ">";
    }
    String single =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
              field.getType().name().toLowerCase(Locale.ROOT);
        };
    return field.isRepeated() ? "repeated " + single : single;
  }

  private static List<String> describe(EnumDescriptor values) {
    return values.getValues().stream()
        .map(value ->
            "value " + values.getFullName() + "." + value.getName() + " = " + value.getNumber())
        .toList();
  }

  private static String describe(MethodDescriptor method) {
    return "method "
        + method.getService().getFullName()
        + "/"
        + method.getName()
        + " "
        + method.getInputType().getFullName()
        + " -> "
        + (method.isServerStreaming() ? "stream " : "")
        + method.getOutputType().getFullName();
  }
}
