/** Packages over REST. */
@NullMarked
package io.easyagent.server.artifact.api;

import org.jspecify.annotations.NullMarked;
