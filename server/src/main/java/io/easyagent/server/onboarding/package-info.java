/**
 * What a machine is given that is to become a host: the install script and the sidecar's archives,
 * each named by its SHA-256. Nothing here is secret, and nothing here decides who may enrol.
 */
@NullMarked
package io.easyagent.server.onboarding;

import org.jspecify.annotations.NullMarked;
