/**
 * The host's own rules: what {@code policy.yaml} says, whether it can be relied on, and what it
 * answers to a command, a launch and a probe. No command of the server writes that file, and
 * nothing here acts: who asks refuses.
 */
@NullMarked
package io.easyagent.sidecar.policy;

import org.jspecify.annotations.NullMarked;
