package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerAddressesTest {
  private static final ServerAddress GIVEN = new ServerAddress("old", 8890);

  @TempDir private Path data;

  private ServerAddresses open() {
    return ServerAddresses.open(data, "fleet-1", List.of(GIVEN));
  }

  private static List<String> texts(ServerAddresses addresses) {
    return addresses.all().stream().map(ServerAddress::toString).toList();
  }

  @Test
  void whatIsAnnouncedIsTriedFirstAndIsKept() throws Exception {
    ServerAddresses addresses = open();
    assertEquals(List.of("old:8890"), texts(addresses));
    addresses.learn(List.of("new:8890", "[2001:db8::1]:443"));
    assertEquals(List.of("new:8890", "[2001:db8::1]:443", "old:8890"), texts(open()));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(data.resolve("server-addresses"))));
    assertEquals(List.of("old:8890"), texts(ServerAddresses.open(data, "fleet-2", List.of(GIVEN))));
    addresses.learn(List.of());
    assertEquals(3, open().all().size(), "saying nothing takes nothing back");
    addresses.learn(List.of("old:8890"));
    assertEquals(List.of("old:8890"), texts(open()));
  }

  @Test
  void nonsenseIsLeftOutAndTooManyAreCut() throws Exception {
    ServerAddresses addresses = open();
    addresses.learn(List.of("new", "x".repeat(400) + ":1", "new:0", "good:1"));
    assertEquals(List.of("good:1", "old:8890"), texts(open()));
    addresses.learn(Collections.nCopies(10_000, "many:1"));
    assertTrue(open().all().size() <= 1 + ServerAddresses.MOST_ANNOUNCED);
    Files.writeString(data.resolve("server-addresses"), "\u0000garbage\n".repeat(3));
    assertEquals(List.of("old:8890"), texts(open()));
  }
}
