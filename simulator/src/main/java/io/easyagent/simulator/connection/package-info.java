/**
 * The connections of simulated hosts: whose threads they live on, and how they misbehave on
 * command. What a host is, and who gives commands, is not known here.
 */
@NullMarked
package io.easyagent.simulator.connection;

import org.jspecify.annotations.NullMarked;
