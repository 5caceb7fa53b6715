/**
 * The fault campaign: a real server, real sidecars and real agents, struck at random while
 * operations run. What is to happen ({@code Plan}) and what is found ({@code Checker}) are pure
 * functions; what was done is told by witnesses outside of the system and by the client's own
 * record. Neither side's database is asked for anything but the ends of what was accepted.
 */
@NullMarked
package io.easyagent.acceptance.chaos;

import org.jspecify.annotations.NullMarked;
