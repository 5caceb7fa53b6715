/**
 * Submitting operations and waiting for them: questions before, progress meanwhile, causes and exit
 * status after.
 */
@NullMarked
package io.easyagent.cli.progress;

import org.jspecify.annotations.NullMarked;
