/**
 * What is written for people and for programs: lines, tables, colours, times and documents. It
 * knows the terminal and nothing of the API's resources.
 */
@NullMarked
package io.easyagent.cli.console;

import org.jspecify.annotations.NullMarked;
