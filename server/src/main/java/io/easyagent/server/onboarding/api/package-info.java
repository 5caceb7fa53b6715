/** The open routes that serve the install script and the sidecar's archives. */
@NullMarked
package io.easyagent.server.onboarding.api;

import org.jspecify.annotations.NullMarked;
