package io.easyagent.server.session;

import io.easyagent.server.fleet.SessionStore.Life;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a host says when it opens a session; bounded and clean.
 *
 * @param nonce that the last session handed out, hexadecimal; empty in the first
 * @param condition why the sidecar takes no commands: it only reports, and opens no session
 */
public record Registration(
    String nonce,
    Life life,
    String sidecarVersion,
    Set<String> capabilities,
    Map<String, String> facts,
    Optional<String> condition) {}
