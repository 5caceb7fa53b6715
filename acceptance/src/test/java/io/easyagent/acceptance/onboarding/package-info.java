/** A machine becomes a host by the command that is pasted into it, and stops being one. */
@NullMarked
package io.easyagent.acceptance.onboarding;

import org.jspecify.annotations.NullMarked;
