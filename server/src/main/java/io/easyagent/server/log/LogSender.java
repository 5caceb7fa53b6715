package io.easyagent.server.log;

/** The call with which a host sends a stream. Thread-safe; nothing here waits. */
public interface LogSender {
  /** Lets the host send one part more. */
  void more();

  /** Ends the call. */
  void stop(String why);
}
