/** The rules of the architecture, checked on the compiled classes of all programs. */
@NullMarked
package io.easyagent.acceptance.rules;

import org.jspecify.annotations.NullMarked;
