package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What the host itself says about processes that are about to start. Thread-safe. */
public interface HostRules {

  /** For a host that has none. */
  HostRules NONE =
      new HostRules() {
        @Override
        public Optional<String> againstLaunch(LaunchPlan plan) {
          return Optional.empty();
        }

        @Override
        public Optional<String> againstCommandLine(List<String> command, Optional<String> user) {
          return Optional.empty();
        }

        @Override
        public boolean allowsProbe(InetAddress address) {
          return true;
        }
      };

  /** As they are for one agent. */
  default HostRules of(AgentId agent) {
    return this;
  }

  /** Why an agent may not be started, in one line. */
  Optional<String> againstLaunch(LaunchPlan plan);

  /**
   * Why a command line that is no agent's own may not be started, in one line.
   *
   * @param user empty: the sidecar's own
   */
  Optional<String> againstCommandLine(List<String> command, Optional<String> user);

  /** Whether a probe may ask an address that is this host's. */
  boolean allowsProbe(InetAddress address);
}
