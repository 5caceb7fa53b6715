package io.easyagent.acceptance.realhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SyncedDiskIT {
  @Test
  void aPowerCutLosesWhatWasNotSynced() throws Exception {
    try (RealHost host = RealHost.boot("rh-disk");
        SyncedDisk disk = SyncedDisk.make(host, "/srv/disk", "none.service")) {
      host.shell("cd /srv/disk && echo a > synced && sync synced . && echo b > not-synced")
          .expect(0);
      int pid =
          Integer.parseInt(
              host.shell("sleep 1000 > /dev/null & echo $!").expect(0).output().strip());
      disk.cutPower(pid);
      host.switchOn();
      host.run("/usr/local/sbin/attach-synced-disk").expect(0);
      assertEquals("a\n", host.shell("cat /srv/disk/*synced").expect(0).output());
      host.cutPower();
    }
  }

  @Test
  void aRebootLosesNothing() throws Exception {
    try (RealHost host = RealHost.boot("rh-disk");
        SyncedDisk disk = SyncedDisk.make(host, "/srv/disk", "none.service")) {
      host.shell("echo b > /srv/disk/not-synced").expect(0);
      host.reboot();
      host.run("/usr/local/sbin/attach-synced-disk").expect(0);
      assertEquals("b\n", host.shell("cat /srv/disk/not-synced").expect(0).output());
      host.cutPower();
    }
  }
}
