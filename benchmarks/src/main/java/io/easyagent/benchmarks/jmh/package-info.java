/**
 * {@code ./dev bench jmh}: inner loops of server and sidecar by themselves. What runs them is here,
 * and what needs no more than public classes; other benchmarks stand in the package of what they
 * measure. Nothing here is shipped.
 */
@NullMarked
package io.easyagent.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
