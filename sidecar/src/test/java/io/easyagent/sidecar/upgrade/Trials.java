package io.easyagent.sidecar.upgrade;

import java.io.IOException;

/** What tests of other packages do with a trial. */
public final class Trials {
  private Trials() {}

  /** As the version on trial does once it is connected. */
  public static void confirm(TestInstallation installed, Trial trial) throws IOException {
    installed.trials().confirm(trial);
  }

  /** As it does past its time. */
  public static void giveUp(TestInstallation installed, String why) throws IOException {
    installed.trials().giveUp(why);
  }
}
