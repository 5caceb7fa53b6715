package io.easyagent.sidecar.log;

/** Holds an agent's processes still for a moment. */
public interface AgentPause {
  /** Where nothing can be held. */
  AgentPause IMPOSSIBLE =
      new AgentPause() {
        @Override
        public boolean hold() {
          return false;
        }

        @Override
        public void release() {}
      };

  /**
   * Returns once none of the agent's processes runs; blocks for a short, bounded time.
   *
   * @return false when that could not be had; they may run
   */
  boolean hold();

  /** To be called after every {@link #hold}, whatever it said. */
  void release();
}
