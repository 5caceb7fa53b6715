/** The history of what happened. */
@NullMarked
package io.easyagent.cli.event;

import org.jspecify.annotations.NullMarked;
