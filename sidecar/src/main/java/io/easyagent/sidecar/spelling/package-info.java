/** How far what somebody wrote is from what is known; nothing else about names belongs here. */
@NullMarked
package io.easyagent.sidecar.spelling;

import org.jspecify.annotations.NullMarked;
