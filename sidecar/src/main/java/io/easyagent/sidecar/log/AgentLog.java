package io.easyagent.sidecar.log;

import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.log.Layout.Live;
import io.easyagent.sidecar.log.RotationDecision.Deed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One agent's log on the disk: does what {@link RotationDecision} wants, each deed so that it can
 * be cut short anywhere. For one thread at a time; {@link #stop} may come from any.
 */
final class AgentLog {
  private static final Logger LOG = Logger.getLogger(AgentLog.class.getName());

  /** Freed in one call, which the writer waits for. */
  private static final long FREED_AT_ONCE = 256L << 20;

  private static final long LARGEST_BLOCK = 64 << 10;

  private static final int ROUNDS = 8;
  private static final int DEEDS = 32;

  private final LogFiles files;
  private final CopyTurns turns;
  private final FreedSpace space;
  private final AgentPause pause;
  private final InstantSource clock;
  private final Consumer<RotationStep> reached;
  private volatile boolean stopped;
  private Optional<LogState> takenUp = Optional.empty();
  private boolean canFree = true;
  private boolean heldStill = true;

  /**
   * @param reached hears of every step of every rotation, on the thread that rotates
   */
  AgentLog(
      LogFiles files,
      CopyTurns turns,
      FreedSpace space,
      AgentPause pause,
      InstantSource clock,
      Consumer<RotationStep> reached) {
    this.files = files;
    this.turns = turns;
    this.space = space;
    this.pause = pause;
    this.clock = clock;
    this.reached = reached;
  }

  LogFiles files() {
    return files;
  }

  /** What {@link #tend} has come to. */
  record Tended(Layout layout, boolean more) {}

  /** As the earlier life of the sidecar has left it. */
  LogState takenUp() {
    return takenUp.orElseThrow();
  }

  /** Whether the file system can give parts of a file back, as far as is known. */
  boolean canFree() {
    return canFree;
  }

  /** Whether the agent was held still when its log was last emptied. */
  boolean heldStill() {
    return heldStill;
  }

  /** What is under way ends soon, and nothing is begun any more. */
  void stop() {
    stopped = true;
  }

  /**
   * Does what is to be done, and takes up what an earlier life of the sidecar has left. Of much
   * that is to be done it does a part, so that others hear of it.
   *
   * @param seen the file at the last look: one that is shorter now was truncated
   * @return how things stand then, and whether there is more to be done at once
   * @throws IOException when something could not be done; nothing is lost by that, and it is tried
   *     by the next call
   */
  Tended tend(LogRule rule, Live seen) throws IOException {
    Layout layout = files.layout();
    if (layout.stored().isEmpty()) {
      removeTimes();
    }
    if (takenUp.isEmpty()) {
      Files.deleteIfExists(files.unfinished());
      takenUp = Optional.of(layout.stored().orElse(layout.state()));
    } else if (layout.isStored()
        && layout.state().inode() == seen.inode()
        && layout.size() < seen.size()) {
      files.state().store(layout.state().withTruncation(), true);
      layout = files.layout();
    }
    for (int each = 0; each < DEEDS; each++, layout = files.layout()) {
      Deed deed = RotationDecision.next(layout, rule, clock.instant(), canFree);
      if (stopped || deed instanceof Deed.Nothing) {
        return new Tended(layout, false);
      }
      try {
        perform(deed, layout);
      } catch (PieceCopy.StoppedException _) {
        Files.deleteIfExists(files.unfinished());
        return new Tended(layout, false);
      } catch (PieceCopy.TruncatedException _) {
        Files.deleteIfExists(files.unfinished());
      } catch (IOException failure) {
        Files.deleteIfExists(files.unfinished());
        if (!(deed instanceof Deed.Rotate) || !isFull(failure) || layout.files().isEmpty()) {
          throw failure;
        }
        removeOldest(layout);
      }
    }
    return new Tended(layout, true);
  }

  /** Offsets may have begun anew, which nothing tells once a state is stored. */
  private void removeTimes() {
    try {
      files.times().remove();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, files.live() + ": the times of its lines are not removed", failure);
    }
  }

  /** As the messages of the C library and the JDK have it; there is no type for it. */
  private static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  private void perform(Deed deed, Layout layout) throws IOException {
    switch (deed) {
      case Deed.Nothing() -> {}
      case Deed.Note() -> files.state().store(layout.state(), true);
      case Deed.Free() -> free(layout.state());
      case Deed.RemoveOldest() -> removeOldest(layout);
      case Deed.Drop(long atMost) -> drop(layout, atMost);
      case Deed.Rotate(long atMost) -> rotate(layout, atMost);
      case Deed.Compress(RotatedFile file) -> compress(file);
    }
  }

  private void removeOldest(Layout layout) throws IOException {
    RotatedFile oldest = layout.files().getFirst();
    Files.deleteIfExists(files.compressed(oldest.start()));
    Files.deleteIfExists(files.rotated(oldest.start()));
    reached.accept(RotationStep.REMOVED);
  }

  private void rotate(Layout layout, long atMost) throws IOException {
    LogState state = layout.state();
    long start = state.rotated();
    boolean held = false;
    try (PieceCopy copy = PieceCopy.open(files, turns, this::isStopped)) {
      // Beyond the end there is nothing to be freed: this only asks whether it could be.
      canFree = space.free(files.unfinished(), LARGEST_BLOCK, LARGEST_BLOCK);
      long end = canFree ? copy.lastLineEnd(start, start + atMost) : layout.size();
      copy.copy(start, end, () -> reached.accept(RotationStep.COPYING));
      if (!canFree) {
        held = true;
        heldStill = pause.hold();
        end = copyRest(copy, end);
      }
      LogState rotated = finish(copy, state, end);
      if (canFree) {
        free(rotated);
      } else {
        empty(rotated);
      }
    } finally {
      if (held) {
        pause.release();
      }
    }
  }

  /** Gives the copy its name. */
  private LogState finish(PieceCopy copy, LogState state, long end) throws IOException {
    copy.sync();
    if (files.findLive().size() < end) {
      throw new PieceCopy.TruncatedException();
    }
    reached.accept(RotationStep.COPIED);
    LogState rotated = rotatedTo(state, end);
    if (end > state.rotated()) {
      name(files.unfinished(), files.rotated(state.liveStart()));
    } else {
      Files.deleteIfExists(files.unfinished());
    }
    reached.accept(RotationStep.RENAMED);
    files.state().store(canFree ? rotated : rotated.asEmptying(), true);
    reached.accept(RotationStep.NOTED);
    return rotated;
  }

  private LogState rotatedTo(LogState state, long end) throws IOException {
    return state.withRotated(end, state.freed() > 0 ? 0 : files.headSum(end));
  }

  /** Of an agent that writes on: as close to its end as a few rounds come. */
  private long copyRest(PieceCopy copy, long from) throws IOException {
    long end = from;
    for (int round = 0; round < ROUNDS; round++) {
      long size = files.findLive().size();
      copy.copy(end, size, () -> {});
      if (size == end) {
        return end;
      }
      end = size;
    }
    return end;
  }

  private boolean isStopped() {
    return stopped;
  }

  private static void name(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(to.resolveSibling(""));
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The state says already that this much is rotated: whoever reads does so elsewhere. */
  private void free(LogState state) throws IOException {
    // What was freed ends within a block; that is freed with what follows.
    for (long from = state.freed() / LARGEST_BLOCK * LARGEST_BLOCK; from < state.rotated(); ) {
      long length = Math.min(FREED_AT_ONCE, state.rotated() - from);
      if (files.findLive().size() < state.rotated()) {
        return;
      }
      if (!space.free(files.live(), from, length)) {
        canFree = false;
        return;
      }
      from += length;
    }
    files.state().store(state.withFreed(state.rotated()), false);
    reached.accept(RotationStep.FREED);
  }

  /** What an agent that could not be held has written in this very moment goes, and is counted. */
  private void empty(LogState state) throws IOException {
    long lost;
    try (FileChannel live =
        FileChannel.open(
            files.live(), Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
      lost = Math.max(0, live.size() - state.rotated());
      live.truncate(0);
      live.force(true);
    }
    reached.accept(RotationStep.EMPTIED);
    files
        .state()
        .store(state.begunAnew(state.inode(), state.liveStart(), false).withDropped(lost), true);
  }

  private void drop(Layout layout, long atMost) throws IOException {
    LogState state = layout.state();
    long end;
    try (FileChannel live = files.open(files.live())) {
      end = PieceCopy.lastLineEnd(live, state.rotated(), state.rotated() + atMost, turns);
    }
    LogState dropped = rotatedTo(state, end).withDropped(end - state.rotated());
    files.state().store(dropped, true);
    reached.accept(RotationStep.NOTED);
    free(dropped);
  }

  private void compress(RotatedFile file) throws IOException {
    Path whole = files.rotated(file.start());
    Path target = files.compressed(file.start());
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Compression.compress(files, whole, turns, this::isStopped);
      Files.setLastModifiedTime(
          files.unfinished(), Files.getLastModifiedTime(whole, LinkOption.NOFOLLOW_LINKS));
      name(files.unfinished(), target);
    }
    reached.accept(RotationStep.COMPRESSED);
    Files.deleteIfExists(whole);
  }

  /**
   * Puts a new file in the place of one that has become very long. Only while nothing of the agent
   * runs.
   */
  void renew() throws IOException {
    Layout layout = files.layout();
    if (layout.unrotated() > 0) {
      rotateRest(layout);
    }
    PieceCopy.create(files.unfinished()).close();
    name(files.unfinished(), files.live());
    reached.accept(RotationStep.RENEWED);
    files.state().store(files.layout().state(), true);
  }

  private void rotateRest(Layout layout) throws IOException {
    LogState state = layout.state();
    try (PieceCopy copy = PieceCopy.open(files, turns, this::isStopped)) {
      copy.copy(state.rotated(), layout.size(), () -> reached.accept(RotationStep.COPYING));
      finish(copy, state, layout.size());
    }
  }
}
