package io.easyagent.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MutableConfigOverride;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.Map;

/**
 * How resources are written in JSON, for both sides: instants as RFC 3339 text, absent values left
 * out, a missing list or map read as an empty one. The mappers are immutable by agreement and may
 * be used by any thread.
 */
public final class Json {
  /** Reads requests: an unknown or repeated key is an error, and so is a value of another type. */
  public static final JsonMapper STRICT = mapper(true);

  /** Reads answers: what a newer server adds is ignored, a text that is missing is empty. */
  public static final JsonMapper LENIENT =
      mapper(false).rebuild().withConfigOverride(String.class, Json::emptyForNull).build();

  private static final int MOST_DEPTH = 64;

  private Json() {}

  private static JsonMapper mapper(boolean strict) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
            .build();
    return JsonMapper.builder(factory)
        .configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, !strict)
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .serializationInclusion(JsonInclude.Include.NON_ABSENT)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
        .configure(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, strict)
        .withConfigOverride(List.class, Json::emptyForNull)
        .withConfigOverride(Map.class, Json::emptyForNull)
        .build();
  }

  private static void emptyForNull(MutableConfigOverride override) {
    override.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
  }
}
