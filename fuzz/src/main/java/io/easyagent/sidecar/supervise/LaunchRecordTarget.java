package io.easyagent.sidecar.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.util.List;
import java.util.Optional;

/** What a launch left on disk: read as it was written, or not at all. */
public final class LaunchRecordTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        "1\t00000000-0000-0001-0000-000000000002\t42\t12345\tboot\t0\ttrue\t/bin/sleep 1\n"
            .getBytes(UTF_8),
        "2\t00000000-0000-0001-0000-000000000002\t42\t12345\tboot\t0\ttrue\tPRE_START\n\n\nsh\n"
            .getBytes(UTF_8),
        ("2\t00000000-0000-0001-0000-000000000002\t42\t12345\tboot\t0\ttrue\tPOST_STOP\n"
                + "exited\t3\ntrue\texit 3\nsh\n")
            .getBytes(UTF_8),
        "exited\t143\n".getBytes(UTF_8),
        "out-of-memory\t536870912\n".getBytes(UTF_8),
        "unknown\tthe keeper was killed\n".getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    String text = new String(input, UTF_8);
    LaunchRecord.decode(text)
        .ifPresent(record ->
            FuzzTarget.must(
                LaunchRecord.decode(record.encode()).equals(Optional.of(record)),
                "another record: " + record));
    EndCodec.decode(text)
        .ifPresent(end ->
            FuzzTarget.must(EndCodec.decode(EndCodec.encode(end)).isPresent(), "lost: " + end));
  }
}
