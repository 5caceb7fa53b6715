package io.easyagent.sidecar.linux;

/**
 * One process of this boot: its number can be handed out again, number and start ticks together are
 * not.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}: since boot, in 1/100 s
 */
public record ProcessIdentity(int pid, long startTicks) {}
