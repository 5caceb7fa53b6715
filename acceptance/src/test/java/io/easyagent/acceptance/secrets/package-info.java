/**
 * Where values of secrets and tokens are, and where they must not be, on a server and a real host.
 */
@NullMarked
package io.easyagent.acceptance.secrets;

import org.jspecify.annotations.NullMarked;
