/**
 * What this host is and what it and its agents use, read from {@code /proc}: pure parsers, and one
 * reader that hands them the files.
 */
@NullMarked
package io.easyagent.sidecar.metrics;

import org.jspecify.annotations.NullMarked;
