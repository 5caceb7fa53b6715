/** The hosts that a command is for, as they are typed. */
@NullMarked
package io.easyagent.cli.target;

import org.jspecify.annotations.NullMarked;
