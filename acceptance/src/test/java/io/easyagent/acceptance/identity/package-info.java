/**
 * Who is a host: machines that were cloned, disks that were restored, and hosts that move to
 * another server, on real hosts.
 */
@NullMarked
package io.easyagent.acceptance.identity;

import org.jspecify.annotations.NullMarked;
