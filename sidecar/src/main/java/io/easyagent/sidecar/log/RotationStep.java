package io.easyagent.sidecar.log;

/** The points of a rotation at which the sidecar may die; tests kill it there. */
public enum RotationStep {
  /** Part of the head is copied. */
  COPYING,
  /** The whole head is copied and on disk, under a name that nobody reads. */
  COPIED,
  /** The copy has its name. */
  RENAMED,
  /** The state says that the head is rotated. */
  NOTED,
  /** The head is given back to the file system. */
  FREED,
  /** Where parts of a file cannot be freed: the file is emptied. */
  EMPTIED,
  /** A compressed file has its name beside the one that it was made of. */
  COMPRESSED,
  /** A rotated file is removed. */
  REMOVED,
  /** A new file has taken the place of the one that was written. */
  RENEWED
}
