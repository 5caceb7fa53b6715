/**
 * The host's own rules on a real host, and what an agent's user can do there: nothing to anybody
 * else.
 */
@NullMarked
package io.easyagent.acceptance.policy;

import org.jspecify.annotations.NullMarked;
