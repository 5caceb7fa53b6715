/** The latest metrics of hosts and agents as people read them. */
@NullMarked
package io.easyagent.cli.metric;

import org.jspecify.annotations.NullMarked;
