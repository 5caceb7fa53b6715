package io.easyagent.api.client;

import io.easyagent.api.LogPart;

/** What is told of an agent's output. */
public sealed interface LogUpdate {
  record Part(LogPart part) implements LogUpdate {}

  /** Nothing more comes, for that reason. */
  record Stopped(String reason) implements LogUpdate {}
}
