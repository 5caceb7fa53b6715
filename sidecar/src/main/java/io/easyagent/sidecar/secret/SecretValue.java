package io.easyagent.sidecar.secret;

/** The value of a secret. Its text form hides it. */
public record SecretValue(String text) {
  @Override
  public String toString() {
    return Redaction.MARK;
  }
}
