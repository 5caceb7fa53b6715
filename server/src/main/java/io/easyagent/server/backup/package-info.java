/**
 * Backups: everything that a server is, in one encrypted file, and back again. Works on a data
 * folder from outside of the server, which may be running while a backup is made. What the store's
 * tables look like is not known here, and nothing here serves hosts or operators.
 */
@NullMarked
package io.easyagent.server.backup;

import org.jspecify.annotations.NullMarked;
