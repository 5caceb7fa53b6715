/** Packages: archives that agents are installed from. */
@NullMarked
package io.easyagent.server.artifact;

import org.jspecify.annotations.NullMarked;
