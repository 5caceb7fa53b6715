/**
 * An HTTPS server that answers what a test tells it to, and certificates for it. It knows nothing
 * of the product's API.
 */
@NullMarked
package io.easyagent.testkit.https;

import org.jspecify.annotations.NullMarked;
