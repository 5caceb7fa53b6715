/**
 * {@code ./dev bench fleet}: a server of the built distribution under a simulated fleet, from its
 * start to its kill. What is measured is read from outside: from {@code /proc}, the REST API, the
 * server's metrics and the simulator's witness. Nothing here is shipped.
 */
@NullMarked
package io.easyagent.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
