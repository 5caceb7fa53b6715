package io.easyagent.api.client;

/** Something answered that is no EasyAgent server, or speaks another version of the API. */
public final class UnexpectedAnswerException extends ClientException {
  private static final long serialVersionUID = 1L;

  public UnexpectedAnswerException(String message) {
    super(message);
  }

  public UnexpectedAnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
