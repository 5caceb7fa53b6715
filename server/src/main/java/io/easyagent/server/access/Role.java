package io.easyagent.server.access;

import java.util.Locale;

/** What an operator may do; each one may do all that the ones before it may. */
public enum Role {
  VIEWER,
  OPERATOR,
  ADMIN;

  public boolean allows(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As operators write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
