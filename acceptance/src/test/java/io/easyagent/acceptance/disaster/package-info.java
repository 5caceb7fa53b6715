/**
 * The worst days of a server, on real hosts: killed, stopped, moved and lost. What is shown here is
 * what docs/operations.md tells operators to do.
 */
@NullMarked
package io.easyagent.acceptance.disaster;

import org.jspecify.annotations.NullMarked;
