package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import java.util.UUID;

/** Enrolment tokens. Methods wait for the store: call them on virtual threads. */
public interface EnrollTokens {

  /**
   * @throws io.easyagent.server.problem.RefusedException BAD_REQUEST for a value out of range, a
   *     label that is none or a network that is none
   */
  Created create(NewEnrollToken token);

  /** Newest first; expired and used-up ones too, for thirty days. */
  Page<EnrollToken> page(PageRequest request);

  /** Nobody enrols with it any more. False when there is none. */
  boolean revoke(UUID id);

  /**
   * @param secret what is handed to hosts; shown this once
   */
  record Created(EnrollToken token, String secret) {
    @Override
    public String toString() {
      return "Created[" + token + "]";
    }
  }
}
