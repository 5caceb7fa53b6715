package io.easyagent.sidecar.journal.store;

import java.util.concurrent.ThreadFactory;

/**
 * What a journal takes of its machine.
 *
 * @param fileSize bytes of each of its two files, preallocated; the room that a command reserves
 *     for its result must fit into it, see {@link FileJournal#RESERVED_FOR_RESULT}
 * @param writers makes the one thread that writes
 */
public record JournalSettings(long fileSize, ThreadFactory writers, FrameWriter.Opener frames) {

  /** For the one journal of a host. */
  public static final JournalSettings USUAL =
      new JournalSettings(
          8L << 20, Thread.ofPlatform().name("journal").daemon().factory(), FrameWriter::held);

  public JournalSettings withFileSize(long bytes) {
    return new JournalSettings(bytes, writers, frames);
  }
}
