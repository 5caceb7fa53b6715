/**
 * Makes agents as their definitions say: what differs becomes operations, what does not is left
 * alone, nothing is ever removed. Planning is pure.
 */
@NullMarked
package io.easyagent.server.apply;

import org.jspecify.annotations.NullMarked;
