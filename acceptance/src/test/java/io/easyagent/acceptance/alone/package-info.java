/** Hosts that define agents of their own, with and without a server. */
@NullMarked
package io.easyagent.acceptance.alone;

import org.jspecify.annotations.NullMarked;
