/** Work that comes again and again. What is done, and how often, the features say. */
@NullMarked
package io.easyagent.server.schedule;

import org.jspecify.annotations.NullMarked;
