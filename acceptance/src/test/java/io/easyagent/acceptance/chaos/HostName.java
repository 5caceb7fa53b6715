package io.easyagent.acceptance.chaos;

/** What the campaign's hosts are called. */
final class HostName {
  private HostName() {}

  /**
   * @param number from 0
   */
  static String of(int number) {
    return "host-" + number;
  }
}
