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

  /** For the first few in some order: each row that comes is held against it. */
  public static SelectorCondition of(Selector selector, String hostIdColumn) {
    return of(selector, new Builder(hostIdColumn, false));
  }

  /**
   * The same, for finding or counting all that there are: the hosts are looked up by the label, not
   * the label by the host. Ten times faster for a label that every fourth of 10,000 hosts has.
   */
  public static SelectorCondition whole(Selector selector, String hostIdColumn) {
    return of(selector, new Builder(hostIdColumn, true));
  }

  private static SelectorCondition of(Selector selector, Builder builder) {
    List<String> parts = selector.requirements().stream().map(builder::part).toList();
    return new SelectorCondition(
        parts.isEmpty() ? NOTHING : String.join(" AND ", parts), builder.bindings);
  }

  private static final class Builder {
    private final String hostIdColumn;
    private final boolean whole;
    private final Map<String, String> bindings = new LinkedHashMap<>();

    Builder(String hostIdColumn, boolean whole) {
      this.hostIdColumn = hostIdColumn;
      this.whole = whole;
    }

    String part(Requirement requirement) {
      return switch (requirement) {
        case Requirement.Exists exists -> has(exists.subject(), "");
        case Requirement.Absent absent -> "NOT " + exists(absent.subject(), "");
        case Requirement.In in -> has(in.subject(), oneOf(in.values()));
        case Requirement.NotIn notIn -> "NOT " + exists(notIn.subject(), oneOf(notIn.values()));
      };
    }

    private String has(Subject subject, String valueCondition) {
      return whole
          ? "%s IN (SELECT s.host_id FROM %s s WHERE s.name = %s%s)"
              .formatted(hostIdColumn, table(subject), bind(subject.name()), valueCondition)
          : exists(subject, valueCondition);
    }

    private String exists(Subject subject, String valueCondition) {
      return "EXISTS (SELECT 1 FROM %s s WHERE s.host_id = %s AND s.name = %s%s)"
          .formatted(table(subject), hostIdColumn, bind(subject.name()), valueCondition);
    }

    private static String table(Subject subject) {
      return switch (subject) {
        case Subject.Label label -> "host_label";
        case Subject.Fact fact -> "host_fact";
      };
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
