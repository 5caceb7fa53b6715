/**
 * Who this host is and whom it trusts: its key, its certificate, the fleet's authorities, and the
 * TLS that is made of them. Nothing here talks to the server but the handshake that checks a
 * fingerprint.
 */
@NullMarked
package io.easyagent.sidecar.identity;

import org.jspecify.annotations.NullMarked;
