/**
 * A year of a server's store by a fast clock: the real stores and the real forgetting, without
 * ports and hosts. What a running server takes for its fleet is not measured here.
 */
@NullMarked
package io.easyagent.benchmarks.retention;

import org.jspecify.annotations.NullMarked;
