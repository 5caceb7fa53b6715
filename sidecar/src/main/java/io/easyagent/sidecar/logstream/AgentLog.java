package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.log.KeptLog;

/** The output of one agent of this host. */
public record AgentLog(String agent, KeptLog kept, RedactionSource redactions) {}
