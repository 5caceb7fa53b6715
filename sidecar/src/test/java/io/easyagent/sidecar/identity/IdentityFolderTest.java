package io.easyagent.sidecar.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFolderTest {
  @TempDir Path data;

  @Test
  void anIdentityIsReadBackAsItWasKept() throws Exception {
    Identity identity = new TestAuthority("fleet").identity(new UUID(1, 2), "f1");
    IdentityFolder folder = new IdentityFolder(data);
    assertEquals(Optional.empty(), folder.find());

    folder.create(identity);

    assertEquals(Optional.of(identity), folder.find());
    assertEquals("host " + new UUID(1, 2) + " of fleet f1", identity.toString());
  }

  @Test
  void onlyTheOwnerMayRead() throws Exception {
    new IdentityFolder(data).create(new TestAuthority("fleet").identity(new UUID(1, 2), "f1"));

    Path folder = data.resolve("identity");
    assertEquals("rwx------", permissions(folder));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(3, all.size());
      for (Path file : all) {
        assertEquals("rw-------", permissions(file), file::toString);
      }
    }
  }

  @Test
  void anIdentityIsNotOverwrittenAndAnUnfinishedOneIsNone() throws Exception {
    Identity identity = new TestAuthority("fleet").identity(new UUID(1, 2), "f1");
    IdentityFolder folder = new IdentityFolder(data);
    Files.createDirectory(data.resolve("identity.unfinished"));
    Files.writeString(data.resolve("identity.unfinished/credentials.pem"), "half");
    assertEquals(Optional.empty(), folder.find());

    folder.create(identity);

    assertThrows(IdentityException.class, () -> folder.create(identity));
    assertTrue(Files.notExists(data.resolve("identity.unfinished")));
  }

  @Test
  void aDamagedIdentityIsNotTakenForNone() throws Exception {
    IdentityFolder folder = new IdentityFolder(data);
    folder.create(new TestAuthority("fleet").identity(new UUID(1, 2), "f1"));
    Files.writeString(data.resolve("identity/host"), "host: nonsense\n");

    IdentityException refusal = assertThrows(IdentityException.class, folder::find);
    assertTrue(refusal.getMessage().contains(data.toString()));
  }

  @Test
  void anEphemeralHostKnowsThatItIs() throws Exception {
    Identity lasting = new TestAuthority("fleet").identity(new UUID(1, 2), "f1");
    Identity identity =
        new Identity(
            lasting.hostId(),
            lasting.fleetId(),
            lasting.key(),
            lasting.certificates(),
            lasting.authorities(),
            lasting.serverAddresses(),
            true);
    new IdentityFolder(data).create(identity);
    assertEquals(Optional.of(identity), new IdentityFolder(data).find());
  }

  @Test
  void theOldIdentityIsUsedUntilTheNewOneIsTaken() throws Exception {
    Identity old = new TestAuthority("old").identity(new UUID(1, 2), "f1");
    Identity next = new TestAuthority("new").identity(new UUID(3, 4), "f2");
    IdentityFolder folder = new IdentityFolder(data);
    folder.create(old);
    folder.createReplacement(old);
    folder.createReplacement(next);
    assertTrue(folder.hasReplacement());
    assertEquals(Optional.of(old), folder.find());

    folder.takeReplacement();

    assertEquals(Optional.of(next), folder.find());
    assertFalse(folder.hasReplacement());
    try (Stream<Path> left = Files.list(data)) {
      assertEquals(List.of(data.resolve("identity")), left.toList(), "the old key is gone");
    }
    folder.takeReplacement();
    assertEquals(Optional.of(next), folder.find());
  }

  @Test
  void wheneverTheMachineStopsThereIsOneIdentityAfter() throws Exception {
    Identity old = new TestAuthority("old").identity(new UUID(1, 2), "f1");
    Identity next = new TestAuthority("new").identity(new UUID(3, 4), "f2");
    for (String last : List.of("old identity put aside", "new identity in place")) {
      Path place = Files.createDirectory(data.resolve(last));
      new IdentityFolder(place).create(old);
      new IdentityFolder(place).createReplacement(next);
      IdentityFolder cut =
          new IdentityFolder(
              place,
              step -> {
                if (step.equals(last)) {
                  throw new IllegalStateException("power cut");
                }
              });
      assertThrows(IllegalStateException.class, cut::takeReplacement);

      IdentityFolder booted = new IdentityFolder(place);
      booted.takeReplacement();

      assertEquals(Optional.of(next), booted.find(), last);
      assertTrue(Files.notExists(place.resolve("identity.old")), last);
    }
  }

  @Test
  void nothingIsLeftOfAnIdentityThatIsRemoved() throws Exception {
    Identity old = new TestAuthority("old").identity(new UUID(1, 2), "f1");
    IdentityFolder folder = new IdentityFolder(data);
    folder.create(old);
    folder.createReplacement(old);
    Files.createDirectory(data.resolve("identity.unfinished"));
    assertEquals(3, folder.removeAll().size());
    try (Stream<Path> left = Files.list(data)) {
      assertEquals(List.of(), left.toList());
    }
    assertEquals(List.of(), folder.removeAll());
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
