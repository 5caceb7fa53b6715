package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key is in the documentation and in the example, and nothing else is. */
class ConfigurationReferenceTest {
  private static final Path ROOT = Path.of("..");
  private static final Path EXAMPLE = ROOT.resolve("dist/easyagent/etc/server.yaml");

  @TempDir private Path folder;

  private static Set<String> keys(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theReferenceHasEveryKey() throws Exception {
    String reference = Files.readString(ROOT.resolve("docs/server.md"));
    int begin = reference.indexOf("| key | default | meaning |");
    String table = reference.substring(begin, reference.indexOf("\n\n", begin));
    assertEquals(ServerConfigFile.KEYS, keys(table, "^\\| `([A-Za-z]+)` \\|"));
  }

  @Test
  void theExampleHasEveryKeyAndIsReadAsItIsAndWithEveryKeySet() throws Exception {
    String example = Files.readString(EXAMPLE);
    assertEquals(ServerConfigFile.KEYS, keys(example, "^#?([A-Za-z]+): "));
    assertEquals(
        Path.of("/var/lib/easyagent"),
        ServerConfigFile.read(Optional.of(EXAMPLE), Map.of()).data());
    Path all = folder.resolve("server.yaml");
    Files.writeString(all, example.replaceAll("(?m)^#([A-Za-z]+: )", "$1"));
    ServerConfig set = ServerConfigFile.read(Optional.of(all), Map.of());
    assertEquals(Upkeep.USUAL.drainTimeout(), set.upkeep().drainTimeout());
    assertEquals(Upkeep.USUAL.upgradeBackups(), set.upkeep().upgradeBackups());
    assertEquals(Upkeep.USUAL.backupWarningAfter(), set.upkeep().backupWarningAfter());
    assertEquals(RetentionRules.USUAL, set.upkeep().retention());
    assertEquals(ServerLimits.USUAL, set.upkeep().limits());
    ServerConfig defaults = ServerConfigFile.read(Optional.empty(), Map.of());
    assertEquals(defaults.hostPort(), set.hostPort());
    assertEquals(defaults.operatorPort(), set.operatorPort());
    assertEquals(defaults.metricsInterval(), set.metricsInterval());
    assertEquals(defaults.hostGoneAfter(), set.hostGoneAfter());
    assertEquals(defaults.mostPackageBytes(), set.mostPackageBytes());
    LogSettings log = ServerConfigFile.readLog(Optional.of(all));
    LogSettings usual = ServerConfigFile.readLog(Optional.empty());
    assertTrue(log.file().isPresent());
    assertEquals(usual.level(), log.level());
    assertEquals(usual.mostBytes(), log.mostBytes());
    assertEquals(usual.keep(), log.keep());
  }
}
