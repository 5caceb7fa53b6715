package io.easyagent.api.client;

/** Why a call of {@link EasyAgentClient} gave no result. The message is one line for people. */
public abstract sealed class ClientException extends RuntimeException
    permits ProblemException, ConnectionException, UnexpectedAnswerException {
  private static final long serialVersionUID = 1L;

  ClientException(String message) {
    super(message);
  }

  ClientException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public final String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
