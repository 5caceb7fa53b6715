package io.easyagent.sidecar.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostAccountsTest {
  @TempDir Path folder;

  private HostAccounts accounts(String passwd) throws Exception {
    return new HostAccounts(Files.writeString(folder.resolve("passwd"), passwd));
  }

  @Test
  void readsThePasswordFile() throws Exception {
    HostAccounts accounts =
        accounts("# comment\nbroken\nbeats:x:999:998:Beats:/var/lib/beats:/bin/false\n");
    assertEquals(
        Optional.of(new Account("beats", 999, 998, Path.of("/var/lib/beats"))),
        accounts.find("beats"));
  }

  @Test
  void asksTheHostForOthers() throws Exception {
    assertEquals(Optional.of(0), accounts("").find("root").map(Account::uid), "through getent");
    assertEquals(Optional.empty(), accounts("").find("no-such-user-here"));
  }

  @Test
  void aNameWithADashFirstIsNoName() throws Exception {
    assertEquals(Optional.empty(), accounts("-x:x:1:1::/:/\n").find("-x"));
  }

  @Test
  void refusesAUserThatDoesNotExist() throws Exception {
    PrepareException refused =
        assertThrows(PrepareException.class, () -> accounts("").require("no-such-user-here"));
    assertTrue(
        refused.getMessage().startsWith("user: no-such-user-here (expected: a user of this host"),
        refused.getMessage());
  }

  @Test
  void withoutRootOnlyTheOwnUserWillDo() {
    Accounts accounts =
        new Accounts() {
          @Override
          public Optional<Account> find(String name) {
            return Optional.of(
                new Account(name, name.equals("anna") ? 1000 : 1001, 1, Path.of("/")));
          }

          @Override
          public Account own() {
            return new Account("anna", 1000, 1000, Path.of("/home/anna"));
          }
        };
    PrepareException refused =
        assertThrows(PrepareException.class, () -> accounts.require("beats"));
    assertEquals(
        "user: beats (expected: anna, because the sidecar does not run as root)",
        refused.getMessage());
  }
}
