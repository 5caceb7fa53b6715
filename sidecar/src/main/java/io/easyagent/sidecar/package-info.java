/** The sidecar's program: its command line and the assembly of everything else. */
@NullMarked
package io.easyagent.sidecar;

import org.jspecify.annotations.NullMarked;
