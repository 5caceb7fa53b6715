/**
 * What every command works with: console, clock, configuration, the client, and the errors that end
 * a command.
 */
@NullMarked
package io.easyagent.cli.session;

import org.jspecify.annotations.NullMarked;
