/** Running commands and scripts on hosts, and showing what they print. */
@NullMarked
package io.easyagent.cli.exec;

import org.jspecify.annotations.NullMarked;
