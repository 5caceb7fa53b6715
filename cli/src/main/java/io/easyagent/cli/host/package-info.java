/** Commands about hosts and their enrolment. */
@NullMarked
package io.easyagent.cli.host;

import org.jspecify.annotations.NullMarked;
