package io.easyagent.api;

import java.util.List;

/**
 * An RFC 9457 problem, {@code application/problem+json}.
 *
 * @param code stable, for programs
 * @param retryable the same request may succeed later
 * @param errors every single thing that is wrong, with its place
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    boolean retryable,
    List<Error> errors) {
  /**
   * @param place for example {@code filebeat.yml:12:3 stop.signl} or {@code targets.selector}
   */
  public record Error(String place, String message) {}
}
