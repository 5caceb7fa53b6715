/**
 * Fuzzing: the list of what is fuzzed, and the run of a coverage-guided fuzzer on it. Each target
 * lies in the package of the parser that it attacks; no parser is here.
 */
@NullMarked
package io.easyagent.fuzz;

import org.jspecify.annotations.NullMarked;
