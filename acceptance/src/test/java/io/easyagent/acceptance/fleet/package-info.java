/**
 * A server and a host as processes of their own, with a link between them that can be cut. Tests of
 * the whole system start here; what they do with it is not here.
 */
@NullMarked
package io.easyagent.acceptance.fleet;

import org.jspecify.annotations.NullMarked;
