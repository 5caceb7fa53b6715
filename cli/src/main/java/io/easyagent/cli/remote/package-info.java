/**
 * Makes machines that are reached over SSH hosts of the fleet. The SSH library does not leave this
 * package, and nothing of it is loaded unless it is used.
 */
@NullMarked
package io.easyagent.cli.remote;

import org.jspecify.annotations.NullMarked;
