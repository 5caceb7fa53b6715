/** Definitions as a host gets them. */
@NullMarked
package io.easyagent.definition.wire;

import org.jspecify.annotations.NullMarked;
