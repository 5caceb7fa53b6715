/**
 * What is shown by the routes of more than one feature, as records of the API. Values in, values
 * out.
 */
@NullMarked
package io.easyagent.server.transport.resource;

import org.jspecify.annotations.NullMarked;
