/**
 * What benchmarks of whole programs share: their command line, a server of the built distribution,
 * what the kernel says of processes and of the machine, waiting, statistics, and how figures are
 * written. What is measured, and beside which goals, is each benchmark's own. Nothing here is
 * shipped.
 */
@NullMarked
package io.easyagent.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
