/*
 * What both supervisors run: the smallest program that can say when it began.
 *
 *   agent WITNESS           appends "started PID NANOS" to the file, then waits for a signal
 *   agent WITNESS SECONDS   also writes to standard output as fast as it can for so long, in blocks of 4 KiB as the
 *                           C library's are, 64 lines each; then appends "wrote BYTES NANOS", and waits
 *
 * NANOS are CLOCK_MONOTONIC's. "started" has those of main's first statement; "wrote" has how long the writing took.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE 64
#define BLOCK (64 * LINE)

static long long nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* In one write, so that a reader sees all of the line or nothing. */
static void append(const char *file, const char *what, long long one, long long other) {
  char line[128];
  int length = snprintf(line, sizeof line, "%s %lld %lld\n", what, one, other);
  int descriptor = open(file, O_WRONLY | O_APPEND);
  if (descriptor < 0 || write(descriptor, line, length) != length) _exit(3);
  close(descriptor);
}

int main(int count, char **words) {
  long long began = nanos();
  if (count < 2) return 2;
  append(words[1], "started", getpid(), began);
  if (count > 2) {
    static char block[BLOCK];
    long long wanted = atoll(words[2]) * 1000000000LL, bytes = 0, taken;
    memset(block, 'x', sizeof block);
    for (int at = LINE - 1; at < BLOCK; at += LINE) block[at] = '\n';
    began = nanos();
    do {
      ssize_t written = write(STDOUT_FILENO, block, sizeof block);
      if (written < 0) _exit(4);
      bytes += written;
      taken = nanos() - began;
    } while (taken < wanted);
    append(words[1], "wrote", bytes, taken);
  }
  for (;;) pause();
}
