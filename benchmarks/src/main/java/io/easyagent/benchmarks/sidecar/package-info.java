/**
 * {@code ./dev bench sidecar}: a sidecar of the built distribution, connected to a server of it,
 * and supervisord from Debian, both with the same idle agents at the same time. What is measured is
 * read from outside: from {@code /proc}, from what the agents write of themselves, and from the
 * sidecar's log. Nothing here is shipped.
 */
@NullMarked
package io.easyagent.benchmarks.sidecar;

import org.jspecify.annotations.NullMarked;
