/**
 * What tests of several modules share: a clock moved by hand, and the one place where tests with
 * real parts wait. Nothing here knows the product.
 */
@NullMarked
package io.easyagent.testkit;

import org.jspecify.annotations.NullMarked;
