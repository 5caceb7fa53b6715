/** What agents print, read from where operators are. */
@NullMarked
package io.easyagent.acceptance.logs;

import org.jspecify.annotations.NullMarked;
