package io.easyagent.acceptance.realhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A folder of a host on a file system of its own that loses at a power cut what was not synced, as
 * a real disk does. (What else the host writes goes to this machine's memory, and survives.)
 *
 * <p>It is an ext4 on a loop device. The power cut keeps the device as it is at that moment, with
 * what the kernel had not written to it yet left out.
 */
public final class SyncedDisk implements AutoCloseable {
  private static final String IMAGE = "/var/lib/synced-disk.img";
  private static final String ATTACH = "/usr/local/sbin/attach-synced-disk";

  /** Devices from here on are nobody's but the hosts', one each. */
  private static final int FIRST_DEVICE = 1000;

  private final RealHost host;
  private final String device;

  private SyncedDisk(RealHost host, String device) {
    this.host = host;
    this.device = device;
  }

  /**
   * Makes it and mounts it. It is mounted at each boot before the unit is started.
   *
   * @param folder below which everything is lost that is not synced
   * @param unit that needs the folder
   */
  public static SyncedDisk make(RealHost host, String folder, String unit)
      throws IOException, InterruptedException {
    String address = host.address();
    int number = FIRST_DEVICE + Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
    String device = "/dev/loop" + number;
    SyncedDisk disk = new SyncedDisk(host, device);
    disk.close();
    host.runWithInput(
            """
            #!/bin/sh
            set -e
            mountpoint -q %2$s && exit 0
            [ -b %1$s ] || mknod %1$s b 7 %3$d
            # The boot before leaves it attached; its last mount may still be going.
            losetup --detach %1$s 2>/dev/null || true
            tries=0
            until losetup %1$s %4$s; do
              tries=$((tries + 1))
              [ $tries -lt 50 ] || exit 1
              sleep 0.1
            done
            mkdir -p %2$s
            mount -o commit=600 %1$s %2$s
            """
                .formatted(device, folder, number, IMAGE),
            "sh",
            "-c",
            "cat > %s && chmod 755 %s".formatted(ATTACH, ATTACH))
        .expect(0);
    host.shell(
            """
            set -e
            truncate -s 96M %1$s
            mkfs.ext4 -q -F %1$s
            %2$s
            chmod 700 %3$s
            mkdir -p /etc/systemd/system/%4$s.d
            printf '[Service]\\nExecStartPre=%2$s\\n' > /etc/systemd/system/%4$s.d/synced-disk.conf
            """
                .formatted(IMAGE, ATTACH, folder, unit))
        .expect(0);
    return disk;
  }

  /**
   * Cuts the host's power; it stays off. The process stands still from before the moment that the
   * disk is kept from.
   *
   * @param pid inside the host: whoever writes to the disk
   */
  public void cutPower(int pid) throws IOException, InterruptedException {
    host.shell(
            """
            kill -STOP %1$d
            until grep -q '^State:.*stopped' /proc/%1$d/status; do :; done
            """
                .formatted(pid))
        .expect(0);
    Path image = host.disk().resolve(IMAGE.substring(1));
    Path kept = image.resolveSibling("synced-disk.kept");
    run("cp", "--sparse=always", image.toString(), kept.toString());
    host.cutPower();
    close();
    Files.move(kept, image, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Frees the device; the host is off. */
  @Override
  public void close() throws IOException, InterruptedException {
    if (run("losetup", "--list", "--noheadings", "--output", "NAME", device).contains(device)) {
      run("losetup", "--detach", device);
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("not ended after 60 s: " + List.of(command));
    }
    return output;
  }
}
