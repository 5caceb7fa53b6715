/**
 * Cron lines and the times that they stand for, the same on the server, which refuses wrong ones,
 * and on hosts, which keep to them. Pure: no clock, no defaults of the machine. What a run is and
 * when one is left out is not decided here.
 */
@NullMarked
package io.easyagent.cron;

import org.jspecify.annotations.NullMarked;
