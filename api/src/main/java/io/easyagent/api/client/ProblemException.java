package io.easyagent.api.client;

import io.easyagent.api.Problem;

/** The server answered that it will not or cannot do what was asked. */
public final class ProblemException extends ClientException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail().isBlank() ? problem.title() : problem.detail());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
