package io.easyagent.cli.console;

import java.util.ArrayList;
import java.util.List;

/** What is known of one thing: names and values below each other. */
public final class Fields {
  private record Field(String name, Tint tint, String value) {}

  private final List<Field> fields = new ArrayList<>();

  public Fields add(String name, String value) {
    return add(name, Tint.plain, value);
  }

  public Fields add(String name, Tint tint, String value) {
    fields.add(new Field(name, tint, value));
    return this;
  }

  public void print(Console console) {
    int widest = fields.stream().mapToInt(field -> Text.width(field.name())).max().orElse(0);
    for (Field field : fields) {
      String gap = " ".repeat(widest - Text.width(field.name()) + 2);
      console.print(Line.of(Tint.faint, field.name() + gap).add(field.tint(), field.value()));
    }
  }
}
