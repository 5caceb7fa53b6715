/**
 * How the store stays bounded: what is kept for how long and in what number, and the steps in which
 * the rest is forgotten. What is forgotten, and what must not be, is known by the features.
 */
@NullMarked
package io.easyagent.server.retention;

import org.jspecify.annotations.NullMarked;
