package io.easyagent.cli.progress;

import io.easyagent.api.Host;
import io.easyagent.cli.console.Tint;

/** The colour of a host's status. */
public final class HostTint {
  private HostTint() {}

  public static Tint of(Host.Status status) {
    return switch (status) {
      case online -> Tint.good;
      case offline -> Tint.warning;
      case pending -> Tint.faint;
      case conflicted -> Tint.bad;
    };
  }
}
