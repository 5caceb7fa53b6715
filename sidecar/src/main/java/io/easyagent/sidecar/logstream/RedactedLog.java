package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.log.KeptLog;

/** What is kept of the output of one agent of this host, and what is taken out of it. */
public record RedactedLog(String agent, KeptLog kept, RedactionSource redactions) {}
