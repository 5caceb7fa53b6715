/** Commands about batches and operations. */
@NullMarked
package io.easyagent.cli.batch;

import org.jspecify.annotations.NullMarked;
