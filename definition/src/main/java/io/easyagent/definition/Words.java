package io.easyagent.definition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words that definitions are written with, and what they stand for. */
final class Words {
  static final Map<String, AgentType> TYPES =
      ordered(
          Map.entry("service", AgentType.SERVICE),
          Map.entry("oneshot", AgentType.ONESHOT),
          Map.entry("scheduled", AgentType.SCHEDULED));
  static final Map<String, RestartRule.Policy> POLICIES =
      ordered(
          Map.entry("always", RestartRule.Policy.ALWAYS),
          Map.entry("on-failure", RestartRule.Policy.ON_FAILURE),
          Map.entry("never", RestartRule.Policy.NEVER));
  static final Map<String, HealthCheck.OnFailure> ON_FAILURE =
      ordered(
          Map.entry("report", HealthCheck.OnFailure.REPORT),
          Map.entry("restart", HealthCheck.OnFailure.RESTART),
          Map.entry("stop", HealthCheck.OnFailure.STOP));

  static final Map<String, Schedule.Overlap> OVERLAPS =
      ordered(
          Map.entry("skip", Schedule.Overlap.SKIP),
          Map.entry("queue", Schedule.Overlap.QUEUE),
          Map.entry("replace", Schedule.Overlap.REPLACE));
  static final Map<String, Schedule.Missed> MISSED =
      ordered(Map.entry("skip", Schedule.Missed.SKIP), Map.entry("once", Schedule.Missed.ONCE));

  /** That can be sent. */
  static final Map<String, String> SIGNALS =
      signals("TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "KILL", "WINCH", "ALRM");

  /** That end a process which does not handle them. */
  static final Map<String, String> ENDING_SIGNALS =
      signals(
          "TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "KILL", "ALRM", "PIPE", "ABRT", "ILL",
          "TRAP", "BUS", "FPE", "SEGV", "SYS", "XCPU", "XFSZ", "VTALRM", "PROF", "IO", "PWR",
          "STKFLT");

  static final Map<String, Boolean> TRUTHS =
      ordered(Map.entry("true", true), Map.entry("false", false));

  private Words() {}

  /** The word that stands for the value. */
  static <T> String of(Map<String, T> words, T value) {
    return words.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no word stands for " + value));
  }

  private static Map<String, String> signals(String... names) {
    Map<String, String> signals = new LinkedHashMap<>();
    List.of(names).forEach(name -> signals.put(name, name));
    return signals;
  }

  @SafeVarargs
  private static <T> Map<String, T> ordered(Map.Entry<String, T>... entries) {
    Map<String, T> words = new LinkedHashMap<>();
    for (Map.Entry<String, T> entry : entries) {
      words.put(entry.getKey(), entry.getValue());
    }
    return words;
  }
}
