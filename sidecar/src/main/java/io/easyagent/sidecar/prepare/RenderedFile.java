package io.easyagent.sidecar.prepare;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A defined file with its bytes as they shall lie on disk. Not compared by value. */
final class RenderedFile {
  private static final int MOST_FILES = 200;
  private static final int WIDEST_WITH_SECRET = 0640;
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_BYTES_TOGETHER = 8 << 20;

  private final DefinedFile defined;
  private final byte[] bytes;

  private RenderedFile(DefinedFile defined, byte[] bytes) {
    this.defined = defined;
    this.bytes = bytes;
  }

  DefinedFile defined() {
    return defined;
  }

  byte[] bytes() {
    return bytes;
  }

  static List<RenderedFile> renderAll(AgentDefinition definition, Variables variables)
      throws PrepareException {
    if (definition.files().size() > MOST_FILES) {
      throw new PrepareException(
          "files: " + definition.files().size() + " (expected: at most " + MOST_FILES + ")");
    }
    requireDistinct(definition.files());
    List<RenderedFile> rendered = new ArrayList<>();
    int together = 0;
    for (DefinedFile file : definition.files()) {
      byte[] bytes = render(file, variables);
      together += bytes.length;
      if (bytes.length > MOST_BYTES || together > MOST_BYTES_TOGETHER) {
        throw new PrepareException(
            "files: "
                + file.path()
                + " is too large (expected: at most 1 MiB, and 8 MiB for all files together)");
      }
      rendered.add(new RenderedFile(file, bytes));
    }
    return rendered;
  }

  private static void requireDistinct(List<DefinedFile> files) throws PrepareException {
    Set<String> paths = new HashSet<>();
    Set<String> above = new HashSet<>();
    for (DefinedFile file : files) {
      String path = PathNames.requireRelative("files", file.path());
      if (!paths.add(path)) {
        throw new PrepareException("files: " + path + " is there twice (expected: once)");
      }
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        above.add(path.substring(0, slash));
      }
      if ((file.mode() & ~0777) != 0 || (file.mode() & 0022) != 0) {
        throw new PrepareException(
            "files: "
                + path
                + " mode "
                + String.format("%04o", file.mode())
                + " (expected: permission bits, not writable by group or others)");
      }
      boolean secret =
          file.source() instanceof DefinedFile.Source.Template(String template)
              && !SecretNames.in(template).isEmpty();
      if (secret && (file.mode() & ~WIDEST_WITH_SECRET) != 0) {
        throw new PrepareException(
            "files: "
                + path
                + " mode "
                + String.format("%04o", file.mode())
                + " with a secret (expected: 0640 or less)");
      }
    }
    for (String path : paths) {
      if (above.contains(path)) {
        throw new PrepareException("files: " + path + " is a file and a folder (expected: one)");
      }
    }
  }

  private static String template(DefinedFile file, String template, Variables variables)
      throws PrepareException {
    String place = "files." + file.path();
    Optional<String> secret = Template.renderWholeSecret(template, variables, place);
    return secret.isPresent()
        ? secret.get()
        : Template.render(template, variables, TemplateFormat.of(file.path()), place);
  }

  private static byte[] render(DefinedFile file, Variables variables) throws PrepareException {
    String text =
        switch (file.source()) {
          case DefinedFile.Source.Content(String content) -> content;
          case DefinedFile.Source.Template(String template) -> template(file, template, variables);
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
