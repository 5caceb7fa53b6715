package io.easyagent.server.transport;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.easyagent.api.Json;
import io.easyagent.definition.Nearest;
import io.easyagent.definition.Shown;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a JSON body as a record of the API, and says with its place what is wrong with it. */
final class JsonBody {
  private JsonBody() {}

  /**
   * @throws RefusedException BAD_REQUEST or UNKNOWN_KEY
   */
  static <T> T read(byte[] bytes, Class<T> type) {
    if (bytes.length == 0) {
      throw new RefusedException(ErrorCode.BAD_REQUEST, "no body (expected: a JSON object)");
    }
    try {
      T value = Json.STRICT.readValue(text(bytes), type);
      if (value == null) {
        throw new RefusedException(ErrorCode.BAD_REQUEST, "null (expected: a JSON object)");
      }
      MissingKeys.refuse(value);
      return value;
    } catch (UnrecognizedPropertyException unknown) {
      throw refused(ErrorCode.UNKNOWN_KEY, unknown, unknownKey(unknown));
    } catch (InvalidFormatException wrong) {
      throw refused(ErrorCode.BAD_REQUEST, wrong, wrongValue(wrong));
    } catch (MismatchedInputException wrong) {
      throw refused(ErrorCode.BAD_REQUEST, wrong, wrongType(wrong));
    } catch (JsonMappingException wrong) {
      throw refused(ErrorCode.BAD_REQUEST, wrong, message(wrong));
    } catch (JsonProcessingException malformed) {
      throw refused(ErrorCode.BAD_REQUEST, malformed, "not valid JSON: " + message(malformed));
    }
  }

  /** RFC 8259, section 8.1: JSON between systems is UTF-8, and nothing else is guessed. */
  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException foreign) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "not valid JSON: not UTF-8 (expected: UTF-8)");
    }
  }

  private static RefusedException refused(
      ErrorCode code, JsonProcessingException fault, String message) {
    String path = fault instanceof JsonMappingException mapping ? path(mapping.getPath()) : "";
    String place = place(fault.getLocation()) + (path.isEmpty() ? "" : " " + path);
    return new RefusedException(
        new Refusal(
            code,
            path.isEmpty() ? message : path + ": " + message,
            List.of(new Refusal.Fault(place, message))));
  }

  private static String unknownKey(UnrecognizedPropertyException unknown) {
    Collection<Object> known = Objects.requireNonNullElse(unknown.getKnownPropertyIds(), List.of());
    return "unknown key `"
        + Shown.of(unknown.getPropertyName())
        + "`"
        + Unknown.hint(unknown.getPropertyName(), known.stream().map(String::valueOf).toList());
  }

  private static String wrongValue(InvalidFormatException wrong) {
    String value = Shown.of(String.valueOf(wrong.getValue()));
    Class<?> type = wrong.getTargetType();
    if (type == null || !type.isEnum()) {
      return value + " (expected: " + name(type) + ")";
    }
    List<String> words =
        Arrays.stream(type.getEnumConstants())
            .map(word -> Json.STRICT.convertValue(word, String.class))
            .toList();
    return value
        + Nearest.find(value, words)
            .map(nearest -> " (did you mean " + nearest + "?)")
            .orElse(" (expected: one of " + String.join(", ", words) + ")");
  }

  private static String wrongType(MismatchedInputException wrong) {
    return "a value of another type (expected: " + name(wrong.getTargetType()) + ")";
  }

  private static String name(@Nullable Class<?> type) {
    if (type == null) {
      return "another value";
    }
    if (type == String.class || type.isEnum()) {
      return "a text";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a number";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String message(JsonProcessingException fault) {
    return Shown.of(Objects.requireNonNullElse(fault.getOriginalMessage(), "not readable"));
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null ? "1:1" : location.getLineNr() + ":" + location.getColumnNr();
  }

  private static String path(List<JsonMappingException.Reference> references) {
    return references.stream()
        .map(reference ->
            reference.getFieldName() == null
                ? "[" + reference.getIndex() + "]"
                : "." + Shown.of(reference.getFieldName()))
        .collect(Collectors.joining())
        .replaceFirst("^\\.", "");
  }
}
