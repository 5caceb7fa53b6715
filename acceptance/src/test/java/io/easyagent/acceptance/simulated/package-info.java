/** A real server and many simulated hosts, each program a process of its own. */
@NullMarked
package io.easyagent.acceptance.simulated;

import org.jspecify.annotations.NullMarked;
