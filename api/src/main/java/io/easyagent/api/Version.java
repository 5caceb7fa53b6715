package io.easyagent.api;

/**
 * @param generation of the store, hexadecimal; changed by a restore
 */
public record Version(String version, String fleetId, String generation, String apiVersion) {}
