package io.easyagent.server.transport.resource;

import io.easyagent.server.fleet.HostStatus;

/** Words about hosts as the API writes them. */
public final class HostResources {
  private HostResources() {}

  public static io.easyagent.api.Host.Status of(HostStatus status) {
    return switch (status) {
      case ONLINE -> io.easyagent.api.Host.Status.online;
      case OFFLINE -> io.easyagent.api.Host.Status.offline;
      case PENDING -> io.easyagent.api.Host.Status.pending;
      case CONFLICTED -> io.easyagent.api.Host.Status.conflicted;
    };
  }
}
