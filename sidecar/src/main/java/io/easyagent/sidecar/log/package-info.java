/** What agents print, as files of the host. */
@NullMarked
package io.easyagent.sidecar.log;

import org.jspecify.annotations.NullMarked;
