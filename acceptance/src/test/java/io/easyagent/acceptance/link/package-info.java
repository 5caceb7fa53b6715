/** What a session holds when the network between a host and the server is bad. */
@NullMarked
package io.easyagent.acceptance.link;

import org.jspecify.annotations.NullMarked;
