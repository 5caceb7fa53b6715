package io.easyagent.api;

import java.util.List;
import java.util.Map;

/**
 * A change of a host's labels.
 *
 * @param set values by key; an existing key gets the new value
 * @param remove keys; one that is not there is no error
 */
public record LabelChange(Map<String, String> set, List<String> remove) {}
