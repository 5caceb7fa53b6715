package io.easyagent.sidecar.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTextTest {
  @TempDir Path folder;

  @Test
  void everyKeyIsRead() throws Exception {
    String key = SignedPackages.newKey().text();
    Policy policy =
        PolicyText.read(
            "policy.yaml",
            """
            users: [beats, node-exporter]
            root: false
            paths: [/opt/nothing/here]
            packages:
              names: [filebeat, "beats-*"]
              keys: [%s]
            exec: false
            operations: [install, stop]
            environment: {allow: [TZ], refuse: ["*"]}
            health: {addresses: [127.0.0.1, 10.0.0.0/8, "::1"]}
            logs: false
            """
                .formatted(key));
    assertEquals(Optional.of(Set.of("beats", "node-exporter")), policy.users());
    assertFalse(policy.root());
    assertEquals(Optional.of(List.of(Path.of("/opt/nothing/here"))), policy.paths());
    assertEquals(
        Optional.of(List.of(new NamePattern("filebeat"), new NamePattern("beats-*"))),
        policy.packages().names());
    assertEquals(key, policy.packages().keys().getFirst().text());
    assertFalse(policy.exec());
    assertEquals(Set.of(OperationKind.INSTALL, OperationKind.STOP), policy.operations());
    assertEquals(
        new VariableRules(List.of(new NamePattern("TZ")), List.of(new NamePattern("*"))),
        policy.environment());
    assertEquals(
        Optional.of(
            List.of(
                AddressRange.parse("127.0.0.1"),
                AddressRange.parse("10.0.0.0/8"),
                AddressRange.parse("::1"))),
        policy.healthAddresses());
    assertFalse(policy.logs());
  }

  @Test
  void anEmptyFileForbidsNothing() throws Exception {
    assertEquals(Policy.USUAL, PolicyText.read("policy.yaml", "# nothing\n"));
    assertEquals(Policy.USUAL, PolicyText.read("policy.yaml", "exec: true\n"));
  }

  @Test
  void aListOfUsersDoesNotHaveRootInIt() throws Exception {
    assertFalse(PolicyText.read("policy.yaml", "users: [beats]").root());
    assertTrue(PolicyText.read("policy.yaml", "users: [beats]\nroot: true").root());
  }

  @Test
  void keysOfTheSidecarTakeThePlaceOfThoseOfTheInstallation() throws Exception {
    SignedPackages maker = SignedPackages.newKey();
    assertEquals(
        Optional.of(new KeyRing(List.of(maker.key()), "sidecar.keys in the host's policy")),
        PolicyText.read("policy.yaml", "sidecar: {keys: [" + maker.text() + "]}").sidecarKeys());
    assertEquals(Optional.empty(), PolicyText.read("policy.yaml", "sidecar: {}").sidecarKeys());
  }

  @Test
  void allowedFoldersAreKnownByTheirRealPlace() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertEquals(
        Optional.of(List.of(real.toRealPath())),
        PolicyText.read("policy.yaml", "paths: [" + link + "]").paths());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "execs: false|policy.yaml:1: unknown key \"execs\" (nearest: \"exec\")",
        "packages: {key: []}"
            + "|policy.yaml:1: unknown key \"packages.key\" (nearest: \"packages.keys\")",
        "exec: no|policy.yaml:1: exec: no (expected: true or false)",
        "exec:|policy.yaml:1: exec: expected one value",
        "users: beats|policy.yaml:1: users: expected a list",
        "users:|policy.yaml:1: users: expected a list",
        "users: [root]"
            + "|policy.yaml:1: users: root (expected: \"root: true\", which is for uid 0 of any"
            + " name)",
        "paths: [opt]|policy.yaml:1: paths: opt (expected: an absolute path of a folder)",
        "operations: [run]"
            + "|policy.yaml:1: operations: run (expected: of [install, configure, start, stop,"
            + " restart, uninstall, exec, upgrade-sidecar, configure-sidecar])",
        "packages: {keys: [abc]}"
            + "|policy.yaml:1: packages.keys: abc (expected: an Ed25519 public key, the middle"
            + " line of what \"openssl pkey -pubout\" prints)",
        "packages: {keys: []}"
            + "|policy.yaml:1: packages.keys: empty (expected: at least one key; without this key"
            + " no signature is demanded)",
        "sidecar: {key: []}"
            + "|policy.yaml:1: unknown key \"sidecar.key\" (nearest: \"sidecar.keys\")",
        "sidecar: {keys: []}"
            + "|policy.yaml:1: sidecar.keys: empty (expected: at least one key; without this key"
            + " those hold that came with the installation)",
        "environment: {refuse: [a*b]}"
            + "|policy.yaml:1: environment.refuse: a*b (expected: a * at the end only)",
        "health: {addresses: [localhost]}"
            + "|policy.yaml:1: health.addresses: localhost (expected: an address or a range like"
            + " 10.0.0.0/8)",
        "health: {addresses: [10.0.0.0/33]}"
            + "|policy.yaml:1: health.addresses: 10.0.0.0/33 (expected: an address or a range like"
            + " 10.0.0.0/8)",
      })
  void whatIsWrongIsSaidWithItsPlace(String text, String message) {
    ConfigurationException refusal =
        assertThrows(ConfigurationException.class, () -> PolicyText.read("policy.yaml", text));
    assertEquals(message, refusal.getMessage());
  }
}
