/**
 * Which runs of a schedule are due, judged on the wall clock: pure functions of what was decided
 * before and of the time. What a due run does to the one in progress is the process's matter.
 */
@NullMarked
package io.easyagent.sidecar.schedule;

import org.jspecify.annotations.NullMarked;
