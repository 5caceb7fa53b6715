/**
 * Sessions of hosts: opened and fenced, their inventories and events taken in. What a host is told
 * to do is in {@code operation}.
 */
@NullMarked
package io.easyagent.server.session;

import org.jspecify.annotations.NullMarked;
