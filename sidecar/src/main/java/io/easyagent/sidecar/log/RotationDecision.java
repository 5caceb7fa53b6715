package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import java.time.Instant;

/** Decides what is to be done next for an agent's log. Pure; asked again after each deed. */
final class RotationDecision {
  /** Files beside the kept ones: the one that is written, and the one that is being rotated. */
  private static final int BESIDE = 2;

  private RotationDecision() {}

  /** One deed. Each leaves a log that a reader, and a later life of the sidecar, understands. */
  sealed interface Deed {
    record Nothing() implements Deed {}

    /** The state in force is not the stored one. */
    record Note() implements Deed {}

    /** What is rotated is to be given back to the file system. */
    record Free() implements Deed {}

    /** The oldest rotated file goes. */
    record RemoveOldest() implements Deed {}

    /**
     * The head of the file that is written goes without having been rotated.
     *
     * @param atMost bytes
     */
    record Drop(long atMost) implements Deed {}

    /**
     * The head of the file that is written becomes a rotated file; where parts of a file cannot be
     * freed all of it does, and it is emptied.
     *
     * @param atMost bytes
     */
    record Rotate(long atMost) implements Deed {}

    record Compress(RotatedFile file) implements Deed {}
  }

  /** The most that a log takes on the disk when it is looked at, in bytes. */
  static long bound(LogRule rule) {
    return (rule.keep() + BESIDE) * rule.maxSize();
  }

  /**
   * @param canFree whether the file system can give a part of a file back
   */
  static Deed next(Layout layout, LogRule rule, Instant now, boolean canFree) {
    if (!layout.isStored() && layout.state().inode() != 0) {
      return new Deed.Note();
    }
    if (canFree && layout.state().freed() < layout.state().rotated()) {
      return new Deed.Free();
    }
    if (layout.files().size() > rule.keep() || isTooOld(layout, rule, now)) {
      return new Deed.RemoveOldest();
    }
    if (layout.total() > bound(rule)) {
      return layout.files().isEmpty()
          ? new Deed.Drop(layout.unrotated() - (bound(rule) - rule.maxSize()))
          : new Deed.RemoveOldest();
    }
    if (layout.unrotated() >= rule.maxSize()) {
      return rule.keep() == 0 ? new Deed.Drop(layout.unrotated()) : new Deed.Rotate(rule.maxSize());
    }
    if (!canFree && layout.state().rotated() >= rule.maxSize()) {
      return new Deed.Rotate(rule.maxSize());
    }
    if (rule.compress()) {
      for (RotatedFile file : layout.files()) {
        if (!file.compressed()) {
          return new Deed.Compress(file);
        }
      }
    }
    return new Deed.Nothing();
  }

  static boolean isTooOld(Layout layout, LogRule rule, Instant now) {
    return rule.maxAge().isPresent()
        && !layout.files().isEmpty()
        && !layout.files().getFirst().modified().plus(rule.maxAge().get()).isAfter(now);
  }
}
