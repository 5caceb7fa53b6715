package io.easyagent.server.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever knows the passphrase of a backup can write one: its files stay in the folder. */
class EntriesTest {
  private static Entries.Reader reader(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeUTF(name);
    out.writeLong(0);
    return new Entries.Reader(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../server.db",
        "/etc/passwd",
        "packages/../../server.db",
        "packages//server.db",
        ".hidden",
        "packages/.hidden",
        "a/b/c/d/e/f/g/h/i/j",
        "a\u0000b",
        "a\nb",
        "a\\b",
        ""
      })
  void aNameThatLeadsElsewhereIsNotRead(String name) throws Exception {
    assertThrows(IOException.class, () -> reader(name).next());
    assertThrows(
        IOException.class,
        () ->
            new Entries.Writer(new ByteArrayOutputStream())
                .put(name, 0, InputStream.nullInputStream()));
  }

  @Test
  void aUsualNameIs() throws Exception {
    assertEquals("packages/0f.tar", reader("packages/0f.tar").next().orElseThrow().name());
  }
}
