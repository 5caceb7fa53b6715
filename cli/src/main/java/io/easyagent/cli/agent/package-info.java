/** Commands about agents, and apply. */
@NullMarked
package io.easyagent.cli.agent;

import org.jspecify.annotations.NullMarked;
