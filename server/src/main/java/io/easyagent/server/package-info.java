/** The server's assembly: which parts there are and how they are wired. No rule of a feature. */
@NullMarked
package io.easyagent.server;

import org.jspecify.annotations.NullMarked;
