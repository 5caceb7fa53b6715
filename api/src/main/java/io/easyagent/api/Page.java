package io.easyagent.api;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param next the cursor of the page after this one; empty on the last page
 * @param total how many items match in all
 */
public record Page<T>(List<T> items, Optional<String> next, long total) {}
