package io.easyagent.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/** A parser with a bug that only its branches lead to: no seed and no chance finds it. */
public final class PlantedTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of("key: value".getBytes(ISO_8859_1));
  }

  @Override
  public void attack(byte[] input) {
    String text = new String(input, ISO_8859_1);
    if (text.startsWith("mode=") && text.length() > 9 && text.substring(5).startsWith("06755")) {
      throw new IllegalStateException("planted");
    }
  }
}
