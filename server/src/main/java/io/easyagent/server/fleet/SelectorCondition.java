package io.easyagent.server.fleet;

import io.easyagent.server.fleet.Selector.Requirement;
import io.easyagent.server.fleet.Selector.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A selector as an SQL condition on the host whose id is in the given column. Texts of the selector
 * are only ever bound, never part of the SQL.
 *
 * @param sql for example {@code EXISTS (…) AND NOT EXISTS (…)}
 * @param bindings by name
 */
public record SelectorCondition(String sql, Map<String, String> bindings) {
  private static final String NOTHING = "1 = 0";
  private static final String EVERYTHING = "1 = 1";

  /**
   * That the host is within the scope. A host that is gone is in none: nothing is known of it that
   * a requirement could be held against.
   */
  public static SelectorCondition of(Scope scope, String hostIdColumn) {
    if (scope.hosts().isEmpty()) {
      return new SelectorCondition(EVERYTHING, Map.of());
    }
    SelectorCondition condition = of(scope.hosts().get(), hostIdColumn);
    return new SelectorCondition(
        "(EXISTS (SELECT 1 FROM host there WHERE there.id = %s) AND %s)"
            .formatted(hostIdColumn, condition.sql()),
        condition.bindings());
  }

  public static SelectorCondition of(Selector selector, String hostIdColumn) {
    Builder builder = new Builder(hostIdColumn);
    List<String> parts = selector.requirements().stream().map(builder::part).toList();
    return new SelectorCondition(
        parts.isEmpty() ? NOTHING : String.join(" AND ", parts), builder.bindings);
  }

  private static final class Builder {
    private final String hostIdColumn;
    private final Map<String, String> bindings = new LinkedHashMap<>();

    Builder(String hostIdColumn) {
      this.hostIdColumn = hostIdColumn;
    }

    String part(Requirement requirement) {
      return switch (requirement) {
        case Requirement.Exists exists -> exists(exists.subject(), "");
        case Requirement.Absent absent -> "NOT " + exists(absent.subject(), "");
        case Requirement.In in -> exists(in.subject(), oneOf(in.values()));
        case Requirement.NotIn notIn -> "NOT " + exists(notIn.subject(), oneOf(notIn.values()));
      };
    }

    private String exists(Subject subject, String valueCondition) {
      String table =
          switch (subject) {
            case Subject.Label label -> "host_label";
            case Subject.Fact fact -> "host_fact";
          };
      return "EXISTS (SELECT 1 FROM %s s WHERE s.host_id = %s AND s.name = %s%s)"
          .formatted(table, hostIdColumn, bind(subject.name()), valueCondition);
    }

    private String oneOf(Set<String> values) {
      List<String> names = new ArrayList<>();
      values.stream().sorted().forEach(value -> names.add(bind(value)));
      return " AND s.value IN (" + String.join(", ", names) + ")";
    }

    private String bind(String value) {
      String name = "selector" + bindings.size();
      bindings.put(name, value);
      return ":" + name;
    }
  }
}
