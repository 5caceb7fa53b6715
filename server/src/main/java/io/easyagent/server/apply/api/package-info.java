/** Apply over REST. */
@NullMarked
package io.easyagent.server.apply.api;

import org.jspecify.annotations.NullMarked;
