/**
 * The operators' command line: how the program starts, which commands there are, and how an error
 * becomes a line and an exit status. What the commands do is in the packages below.
 */
@NullMarked
package io.easyagent.cli;

import org.jspecify.annotations.NullMarked;
