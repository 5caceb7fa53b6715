package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Writer;
import java.util.UUID;

/** Enrolment tokens. Methods wait for the store: call them on virtual threads. */
public interface EnrollTokens {

  /**
   * @param alongside done in the same transaction
   * @throws io.easyagent.server.problem.RefusedException BAD_REQUEST for a value out of range, a
   *     label that is none or a network that is none
   */
  Created create(NewEnrollToken token, Writer.Action alongside);

  /** Newest first; expired and used-up ones too, for thirty days. */
  Page<EnrollToken> page(PageRequest request);

  /**
   * Nobody enrols with it any more. False when there is none.
   *
   * @param alongside done in the same transaction, when there is one
   */
  boolean revoke(UUID id, Writer.Action alongside);

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
