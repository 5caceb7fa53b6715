/**
 * What an agent is defined to be: the definition as values, read from YAML with the place of
 * everything that is wrong, and written in one canonical form that can be compared and stored. One
 * language for the server and for a host that reads definitions of its own. Pure: nothing here
 * knows hosts, a store or the wire, which is {@code wire}'s.
 */
@NullMarked
package io.easyagent.definition;

import org.jspecify.annotations.NullMarked;
