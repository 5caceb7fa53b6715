package io.easyagent.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.easyagent.api.Json;

/** Resources as JSON and YAML, exactly as the API has them. */
public final class Documents {
  private Documents() {}

  /** Indented. */
  public static String json(Object resource) {
    try {
      return Json.STRICT.writerWithDefaultPrettyPrinter().writeValueAsString(resource);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a record of the API is always JSON", impossible);
    }
  }

  /** On one line, for streams of documents. */
  public static String jsonLine(Object resource) {
    try {
      return Json.STRICT.writeValueAsString(resource);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a record of the API is always JSON", impossible);
    }
  }

  public static String yaml(Object resource) {
    YAMLMapper mapper =
        YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();
    try {
      return mapper.writeValueAsString(Json.STRICT.<JsonNode>valueToTree(resource));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a record of the API is always YAML", impossible);
    }
  }

  /** Older readers take a bare time for something else than text. */
  private static final class Quoting extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean needToQuoteValue(String value) {
      return super.needToQuoteValue(value)
          || (!value.isEmpty() && value.charAt(0) >= '0' && value.charAt(0) <= '9');
    }
  }
}
