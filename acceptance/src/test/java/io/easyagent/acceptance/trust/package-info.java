/** Certificates over years: real servers and sidecars by a clock that the test moves. */
@NullMarked
package io.easyagent.acceptance.trust;

import org.jspecify.annotations.NullMarked;
