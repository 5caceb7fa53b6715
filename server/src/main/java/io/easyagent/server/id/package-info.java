/** Where ids are made, and nothing else. */
@NullMarked
package io.easyagent.server.id;

import org.jspecify.annotations.NullMarked;
