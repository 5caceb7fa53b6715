package io.easyagent.sidecar.session;

/** Begins anew with each session. */
@FunctionalInterface
interface LogStreaming {
  /** The streams of a session, of which there is none yet. */
  LogUploads during(CurrentSession.Live session);
}
