/**
 * The hosts: who they are, whether they are there, and how they are chosen. What runs on them is in
 * {@code agent}, what they are told to do in {@code operation}.
 */
@NullMarked
package io.easyagent.server.fleet;

import org.jspecify.annotations.NullMarked;
