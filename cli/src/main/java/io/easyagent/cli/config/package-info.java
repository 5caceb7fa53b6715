/** The configuration file: which server, which CA, which token. */
@NullMarked
package io.easyagent.cli.config;

import org.jspecify.annotations.NullMarked;
