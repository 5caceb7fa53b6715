/**
 * The link to the server: enrolment, sessions, inventory, commands in, events out, archives.
 * Nothing else of the sidecar makes a call to the server.
 */
@NullMarked
package io.easyagent.sidecar.session;

import org.jspecify.annotations.NullMarked;
