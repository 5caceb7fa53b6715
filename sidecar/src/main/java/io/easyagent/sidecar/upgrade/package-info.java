/**
 * How the sidecar replaces itself: several versions beside each other, one of them current, and a
 * trial that ends with a confirmation or with the way back. The guard, a script outside of every
 * version, goes that way back when the version on trial cannot. Nothing here knows agents.
 */
@NullMarked
package io.easyagent.sidecar.upgrade;

import org.jspecify.annotations.NullMarked;
