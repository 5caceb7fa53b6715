package io.easyagent.sidecar.journal.store;

import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.sidecar.journal.Journal.JournalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A journal's file with bytes changed after it was written: what is read is always a beginning of
 * what was appended, never more, never anything else. The input is triples of a position (two
 * bytes) and a value for it.
 */
public final class JournalFileTarget implements FuzzTarget {
  private static final int SIZE = 4_096;
  private static final int FRAMES = 12;

  private final Path file;
  private final byte[] whole;

  public JournalFileTarget() {
    try {
      Path folder = Files.createTempDirectory("fuzz-journal-");
      file = folder.resolve("journal-000000000001");
      JournalFile.preallocate(file, SIZE);
      try (JournalFile journal = JournalFile.begin(file, 1, 1, FrameWriter::held)) {
        for (int frame = 0; frame < FRAMES; frame++) {
          journal.append(payload(frame));
        }
      }
      whole = Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static byte[] payload(int frame) {
    byte[] payload = new byte[40 + frame];
    Arrays.fill(payload, (byte) (frame + 1));
    return payload;
  }

  @Override
  public List<byte[]> seeds() {
    ByteArrayOutputStream torn = new ByteArrayOutputStream();
    for (int position = SIZE / 4; position < SIZE / 4 + 30; position++) {
      torn.write(position >> 8);
      torn.write(position);
      torn.write(0);
    }
    return List.of(new byte[0], new byte[] {0, 60, 1}, torn.toByteArray());
  }

  @Override
  public void attack(byte[] input) throws IOException {
    byte[] changed = whole.clone();
    for (int at = 0; at + 2 < input.length; at += 3) {
      changed[((input[at] & 0xff) << 8 | input[at + 1] & 0xff) % SIZE] = input[at + 2];
    }
    Files.write(file, changed);
    List<byte[]> read = new ArrayList<>();
    try (JournalFile journal =
        JournalFile.open(
            file,
            frame -> {
              byte[] payload = new byte[frame.remaining()];
              frame.get(payload);
              read.add(payload);
            },
            FrameWriter::held)) {
      FuzzTarget.must(read.size() <= FRAMES, "more frames than were appended");
      for (int frame = 0; frame < read.size(); frame++) {
        FuzzTarget.must(
            ByteBuffer.wrap(read.get(frame)).equals(ByteBuffer.wrap(payload(frame))),
            "frame " + frame + " is another");
      }
      FuzzTarget.must(
          read.size() >= FRAMES - input.length / 3, "more lost than changed: " + read.size());
    } catch (JournalException damaged) {
      // as it must be
    }
  }
}
