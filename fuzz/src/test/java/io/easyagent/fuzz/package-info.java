/** The fuzzer's short run, and a bug for it to find. */
@NullMarked
package io.easyagent.fuzz;

import org.jspecify.annotations.NullMarked;
