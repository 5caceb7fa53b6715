package io.easyagent.sidecar.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Takes values of secrets out of what leaves the host. A value is found as it is, with the escapes
 * of JSON, in base64, and line by line when it has several; each occurrence becomes {@link #MARK}.
 * What is shorter than {@link #SHORTEST} bytes is not looked for, and what was changed in any other
 * way is not found: this is a net under those who handle secrets with care, no wall. What comes out
 * is never longer than what went in. Thread-safe.
 */
public final class Redaction {
  public static final String MARK = "******";
  public static final int SHORTEST = 6;
  public static final Redaction NONE = new Redaction(List.of());

  /** Of a value that a cut goes through, so much must be there to be taken for it. */
  private static final int SHORTEST_PART = 4;

  /** A shorter line of a value may be a line of anything. */
  private static final int SHORTEST_LINE = 16;

  private static final int BYTES = 256;

  private final List<byte[]> patterns;
  private final byte[][][] byFirstByte;

  /** Hides what either hides. */
  public Redaction and(Redaction other) {
    if (other.patterns.isEmpty() || other == this) {
      return this;
    }
    List<byte[]> all = new ArrayList<>(patterns);
    all.addAll(other.patterns);
    return new Redaction(longestFirst(all));
  }

  /** What a longer one hides, a shorter one need not. */
  private static List<byte[]> longestFirst(List<byte[]> patterns) {
    patterns.sort(Comparator.comparingInt((byte[] pattern) -> pattern.length).reversed());
    return List.copyOf(patterns);
  }

  private Redaction(List<byte[]> patterns) {
    this.patterns = patterns;
    this.byFirstByte = new byte[BYTES][][];
    for (int first = 0; first < BYTES; first++) {
      int wanted = first;
      byFirstByte[first] =
          patterns.stream().filter(pattern -> (pattern[0] & 0xff) == wanted).toArray(byte[][]::new);
    }
  }

  public static Redaction of(Collection<SecretValue> values) {
    TreeSet<String> texts = new TreeSet<>();
    for (SecretValue value : values) {
      addForms(value.text(), texts);
    }
    List<byte[]> patterns = new ArrayList<>();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (bytes.length >= SHORTEST) {
        patterns.add(bytes);
      }
    }
    return patterns.isEmpty() ? NONE : new Redaction(longestFirst(patterns));
  }

  private static void addForms(String value, TreeSet<String> forms) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < SHORTEST) {
      return;
    }
    forms.add(value);
    forms.add(escaped(value, "\\n", "\\r", "\\t"));
    forms.add(escaped(value, "\\u000a", "\\u000d", "\\u0009"));
    forms.add(value.replace("'", "''"));
    forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    List<String> lines = value.lines().map(String::strip).toList();
    if (lines.size() == 1) {
      forms.add(lines.getFirst());
    } else {
      lines.stream().filter(line -> line.length() >= SHORTEST_LINE).forEach(forms::add);
    }
  }

  /** As programs show a text in double quotes, and as templates are rendered. */
  private static String escaped(String value, String newline, String carriageReturn, String tab) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\n", newline)
        .replace("\r", carriageReturn)
        .replace("\t", tab);
  }

  public String redact(String text) {
    return patterns.isEmpty()
        ? text
        : new String(
            redact(text.getBytes(StandardCharsets.UTF_8), false, false), StandardCharsets.UTF_8);
  }

  /**
   * @param cutBefore whether these bytes begin in the middle of something
   * @param cutAfter whether they end in the middle of something
   */
  public byte[] redact(byte[] bytes, boolean cutBefore, boolean cutAfter) {
    if (patterns.isEmpty()) {
      return bytes;
    }
    boolean[] hidden = new boolean[bytes.length];
    for (int index = 0; index < bytes.length; index++) {
      for (byte[] pattern : byFirstByte[bytes[index] & 0xff]) {
        if (isAt(pattern, bytes, index)) {
          Arrays.fill(hidden, index, index + pattern.length, true);
          break;
        }
      }
    }
    for (byte[] pattern : patterns) {
      if (cutBefore) {
        Arrays.fill(hidden, 0, endOfPattern(pattern, bytes), true);
      }
      if (cutAfter) {
        Arrays.fill(hidden, bytes.length - beginOfPattern(pattern, bytes), bytes.length, true);
      }
    }
    return withMarks(bytes, hidden);
  }

  /** So many bytes the longest text has that is looked for. */
  public int longest() {
    return patterns.isEmpty() ? 0 : patterns.getFirst().length;
  }

  /**
   * Where bytes of which more may follow can be cut into two that are redacted one after the other:
   * no occurrence goes through the cut, not even one that only what follows would complete.
   *
   * @param bytes of which the first {@code length} count
   * @param wanted at most there
   * @return 0 when there is no such place
   */
  public int safeCut(byte[] bytes, int length, int wanted) {
    int cut = wanted;
    int scanned = wanted;
    // What begins before an occurrence that moved the cut may go through the new one.
    while (cut > 0 && scanned > Math.max(0, cut - longest() + 1)) {
      scanned--;
      if (mayGoThrough(bytes, length, scanned, cut)) {
        cut = scanned;
      }
    }
    return cut;
  }

  /** Where the occurrence at the beginning ends, with those that overlap it; 0 without any. */
  public int endOfFirst(byte[] bytes, int length) {
    int end = 0;
    for (int index = 0; index == 0 || index < end; index++) {
      for (byte[] pattern : byFirstByte[bytes[index] & 0xff]) {
        if (index + pattern.length <= length && isAt(pattern, bytes, index)) {
          end = Math.max(end, index + pattern.length);
        }
      }
    }
    return end;
  }

  private boolean mayGoThrough(byte[] bytes, int length, int index, int cut) {
    for (byte[] pattern : byFirstByte[bytes[index] & 0xff]) {
      int there = Math.min(pattern.length, length - index);
      if (index + pattern.length > cut
          && Arrays.equals(pattern, 0, there, bytes, index, index + there)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] pattern, byte[] bytes, int index) {
    return index + pattern.length <= bytes.length
        && Arrays.equals(pattern, 0, pattern.length, bytes, index, index + pattern.length);
  }

  /** How many bytes at the beginning are the end of the pattern. */
  private static int endOfPattern(byte[] pattern, byte[] bytes) {
    for (int length = Math.min(pattern.length - 1, bytes.length);
        length >= SHORTEST_PART;
        length--) {
      if (Arrays.equals(pattern, pattern.length - length, pattern.length, bytes, 0, length)) {
        return length;
      }
    }
    return 0;
  }

  /** How many bytes at the end are the beginning of the pattern. */
  private static int beginOfPattern(byte[] pattern, byte[] bytes) {
    for (int length = Math.min(pattern.length - 1, bytes.length);
        length >= SHORTEST_PART;
        length--) {
      if (Arrays.equals(pattern, 0, length, bytes, bytes.length - length, bytes.length)) {
        return length;
      }
    }
    return 0;
  }

  private static byte[] withMarks(byte[] bytes, boolean[] hidden) {
    byte[] result = new byte[bytes.length];
    int length = 0;
    int run = 0;
    for (int index = 0; index < bytes.length; index++) {
      run = hidden[index] ? run + 1 : 0;
      if (run == 0) {
        result[length++] = bytes[index];
      } else if (run <= MARK.length()) {
        result[length++] = '*';
      }
    }
    return Arrays.copyOf(result, length);
  }
}
