/** The sidecar's own settings: {@code sidecar.yaml}, its keys and their defaults. */
@NullMarked
package io.easyagent.sidecar.config;

import org.jspecify.annotations.NullMarked;
