package io.easyagent.api.client;

/**
 * One server-sent event.
 *
 * @param name {@code message} where the server gave none
 * @param data its lines, joined by newlines
 * @param lastId the last id that the stream has given, empty when it gave none
 */
record SseEvent(String name, String data, String lastId) {}
