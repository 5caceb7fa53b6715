/** The link to the server: enrolment, session, inventory, commands in, events out. */
@NullMarked
package io.easyagent.sidecar.session;

import org.jspecify.annotations.NullMarked;
