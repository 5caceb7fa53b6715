/** Who may do what: certificates, enrolment tokens, operators' tokens, roles and the audit log. */
@NullMarked
package io.easyagent.server.access;

import org.jspecify.annotations.NullMarked;
