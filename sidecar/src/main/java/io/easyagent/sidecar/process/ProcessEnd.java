package io.easyagent.sidecar.process;

import java.util.OptionalLong;

/** What ended a process. */
public sealed interface ProcessEnd {
  /**
   * @param status 0 to 255
   */
  record Exited(int status) implements ProcessEnd {}

  /**
   * @param signal the signal's number
   */
  record Signalled(int signal) implements ProcessEnd {}

  /**
   * It ended, but how is not known, for example because its keeper was killed. Counts as a failure.
   */
  record Unknown(String reason) implements ProcessEnd {}

  /** The program was never reached: no such file, no permission, no such user. */
  record NotStarted(String reason) implements ProcessEnd {}

  /**
   * The kernel killed it because memory had run out. Counts as a failure.
   *
   * @param limit the agent's own one, in bytes, that was exceeded; empty when it was not: the
   *     host's memory had run out, or that of a cgroup around the agent's
   */
  record OutOfMemory(OptionalLong limit) implements ProcessEnd {}

  /** True exactly for an exit with status 0. */
  default boolean succeeded() {
    return this instanceof Exited exited && exited.status() == 0;
  }
}
