package io.easyagent.api;

/**
 * Which copy keeps the identity of a conflicted host.
 *
 * @param keep its id, its address, its host name, or four digits or more of its machine id
 */
public record HostResolution(String keep) {}
