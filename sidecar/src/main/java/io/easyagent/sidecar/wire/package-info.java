/**
 * Between the generated protobuf types and the domain's records. Nothing beyond this package, the
 * session and the journal's stored form sees a generated type. What comes from the server is
 * checked here, whole, before anything is done for it.
 */
@NullMarked
package io.easyagent.sidecar.wire;

import org.jspecify.annotations.NullMarked;
