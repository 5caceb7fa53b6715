/** Real hosts with real agents as Debian has them, and with programs that mean no good. */
@NullMarked
package io.easyagent.acceptance.agents;

import org.jspecify.annotations.NullMarked;
