/** Commands about packages, and packing a folder into one. */
@NullMarked
package io.easyagent.cli.artifact;

import org.jspecify.annotations.NullMarked;
