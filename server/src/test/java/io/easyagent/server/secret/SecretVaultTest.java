package io.easyagent.server.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionTexts;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.secret.store.SqlSecrets;
import io.easyagent.server.store.Database;
import io.easyagent.testkit.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SecretVaultTest {
  private static final AuditEntry.Origin ANNA = new AuditEntry.Origin("anna", "10.0.0.1");
  private static final String VALUE = "correct horse battery staple";

  @TempDir private Path folder;

  private final FakeClock clock = new FakeClock();
  private final SecureRandom random = new SecureRandom();
  private final SqlAgents agents = new SqlAgents();
  private Database database;
  private Audit audit;
  private SecretVault vault;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("server.db"));
    audit = new Audit(new SqlAudit(), database, database.writer(), clock);
    vault = vault(keyFile());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Path keyFile() {
    return folder.resolve("secret.key");
  }

  private SecretVault vault(Path key) {
    return new SecretVault(
        new SqlSecrets(),
        agents,
        SecretKeys.open(key, random),
        database,
        database.writer(),
        audit,
        random,
        clock);
  }

  private static SecretValue value(String text) {
    return SecretValue.of(text.getBytes(UTF_8));
  }

  private static Optional<SecretGrant> agentsOf(String... names) {
    return Optional.of(SecretGrant.of(List.of(names)));
  }

  private Secret set(String name, String value, Optional<SecretGrant> grant) {
    return vault.set(name, value(value), grant, ANNA).secret();
  }

  private HostId host() {
    HostId id = new HostId(UUID.randomUUID());
    database
        .writer()
        .run(transaction ->
            new SqlHosts()
                .insert(transaction, id, "web-1", "machine " + id, Map.of(), clock.instant()));
    return id;
  }

  private AgentId agent(HostId host, String name, String secret) {
    AgentId id = new AgentId(UUID.randomUUID());
    StoredDefinition definition =
        new StoredDefinition(
            DefinitionTexts.requireValid(
                "{\"name\": \"%s\", \"user\": \"beats\", \"command\": [\"/bin/x\"], \"environment\": {\"KEY\": \"{{secret.%s}}\"}}"
                    .formatted(name, secret)),
            Optional.empty());
    database
        .writer()
        .run(transaction ->
            agents.insert(transaction, id, host, definition.text(), 1, DesiredState.RUNNING));
    return id;
  }

  private static void assertRefused(ErrorCode code, String expected, Executable act) {
    RefusedException refused = assertThrows(RefusedException.class, act);
    assertEquals(code, refused.refusal().code(), refused::toString);
    assertTrue(refused.refusal().message().contains(expected), refused::toString);
    assertFalse(refused.toString().contains(VALUE), refused::toString);
  }

  private String query(String sql) {
    return database.read(
        transaction -> transaction.handle().createQuery(sql).mapTo(String.class).list().toString());
  }

  @Test
  void theValueIsInNoFileOfTheServer() throws IOException {
    set("es-ingest", VALUE, agentsOf("filebeat"));

    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(VALUE) || text.contains("battery"), file::toString);
      }
    }
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())));
    assertFalse(query("SELECT subject FROM audit_entry").contains("battery"));
    assertEquals(
        "[es-ingest version 1 for agents filebeat]",
        query("SELECT subject FROM audit_entry WHERE action = 'secret.set'"));
    assertFalse(value(VALUE).toString().contains("battery"));
  }

  @Test
  void theHostOfAnAgentThatMayGetsTheLatestValue() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", "first value", agentsOf("filebeat"));
    set("es-ingest", VALUE, Optional.empty());

    List<SecretVault.Delivery> delivered = vault.deliver(host, agent, List.of("es-ingest"));

    assertEquals(List.of(new SecretVault.Delivery("es-ingest", 2, value(VALUE))), delivered);
    assertFalse(delivered.toString().contains(VALUE), delivered::toString);
    Secret listed = vault.page(PageRequest.first(10)).items().getFirst();
    assertEquals(List.of(2L, 1L, 0L), List.of(listed.version(), listed.held(), listed.outdated()));
    assertEquals(
        new SecretGrant.Agents(new java.util.TreeSet<>(Set.of("filebeat"))), listed.grant());
  }

  @Test
  void nobodyElseGetsIt() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    AgentId other = agent(host, "metricbeat", "es-ingest");
    set("es-ingest", VALUE, agentsOf("filebeat"));
    set("root-password", VALUE, Optional.of(new SecretGrant.AllAgents()));

    assertRefused(
        ErrorCode.NOT_FOUND,
        "on this host",
        () -> vault.deliver(host(), agent, List.of("es-ingest")));
    assertRefused(
        ErrorCode.NOT_FOUND,
        "on this host",
        () -> vault.deliver(host, new AgentId(UUID.randomUUID()), List.of("es-ingest")));
    assertRefused(
        ErrorCode.FORBIDDEN,
        "root-password is not in the definition of agent filebeat",
        () -> vault.deliver(host, agent, List.of("es-ingest", "root-password")));
    assertRefused(
        ErrorCode.FORBIDDEN,
        "may not be used by agent metricbeat",
        () -> vault.deliver(host, other, List.of("es-ingest")));
    assertEquals(0, vault.page(PageRequest.first(10)).items().getFirst().held());
  }

  @Test
  void aNewValueMakesItsHoldersDriftUntilTheyHaveIt() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", "first value", agentsOf("filebeat"));
    vault.deliver(host, agent, List.of("es-ingest"));
    assertFalse(isOutdated(agent));

    set("es-ingest", VALUE, Optional.empty());

    assertTrue(isOutdated(agent));
    assertEquals(1, vault.page(PageRequest.first(10)).items().getFirst().outdated());
    vault.deliver(host, agent, List.of("es-ingest"));
    assertFalse(isOutdated(agent));
  }

  private boolean isOutdated(AgentId agent) {
    return database
        .read(transaction -> agents.find(transaction, agent))
        .orElseThrow()
        .outdatedSecret();
  }

  @Test
  void aSecretThatAnAgentHasIsNotRemoved() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", VALUE, agentsOf("filebeat"));
    vault.deliver(host, agent, List.of("es-ingest"));

    assertRefused(ErrorCode.CONFLICT, "is used by 1 agents", () -> vault.remove("es-ingest", ANNA));
    database.writer().run(transaction -> agents.delete(transaction, agent));

    assertTrue(vault.remove("es-ingest", ANNA));
    assertFalse(vault.remove("es-ingest", ANNA));
  }

  @Test
  void aDefinitionIsToldWhichSecretsItMayNotUse() {
    set("es-ingest", VALUE, agentsOf("filebeat"));

    Map<String, String> refusals =
        vault.refusals("metricbeat", Set.of("es-ingest", "es-ingst", "other"));

    assertEquals("there is no secret es-ingst (did you mean es-ingest?)", refusals.get("es-ingst"));
    assertEquals("there is no secret other (see: easyagent secret list)", refusals.get("other"));
    assertTrue(
        refusals
            .getOrDefault("es-ingest", "")
            .startsWith("secret es-ingest may not be used by agent metricbeat"),
        refusals::toString);
    assertEquals(Map.of(), vault.refusals("filebeat", Set.of("es-ingest")));
  }

  @Test
  void aRowCannotStandInForAnother() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", VALUE, agentsOf("filebeat"));
    set("root-password", "another value", agentsOf("nobody"));
    assertNotEquals("", query("SELECT nonce FROM secret"));

    database
        .writer()
        .run(transaction ->
            transaction
                .handle()
                .execute(
                    "UPDATE secret SET nonce = (SELECT nonce FROM secret WHERE name ="
                        + " 'root-password'), ciphertext = (SELECT ciphertext FROM secret WHERE"
                        + " name = 'root-password') WHERE name = 'es-ingest'"));

    assertRefused(
        ErrorCode.INTERNAL,
        "secret es-ingest cannot be opened: what is stored of it was changed",
        () -> vault.deliver(host, agent, List.of("es-ingest")));
  }

  @Test
  void anEarlierVersionCannotBePutBack() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", VALUE, agentsOf("filebeat"));
    set("es-ingest", VALUE, Optional.empty());

    database
        .writer()
        .run(transaction -> transaction.handle().execute("UPDATE secret SET version = 3"));

    assertRefused(
        ErrorCode.INTERNAL, "was changed", () -> vault.deliver(host, agent, List.of("es-ingest")));
  }

  @Test
  void withAnotherKeyNothingIsOpened() {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", VALUE, agentsOf("filebeat"));

    SecretVault stolen = vault(folder.resolve("another.key"));

    assertRefused(
        ErrorCode.INTERNAL,
        "is not in the server's secret.key",
        () -> stolen.deliver(host, agent, List.of("es-ingest")));
  }

  @Test
  void anEarlierKeyOpensAndTheLastOneSeals() throws IOException {
    HostId host = host();
    AgentId agent = agent(host, "filebeat", "es-ingest");
    set("es-ingest", VALUE, agentsOf("filebeat"));
    Path another = folder.resolve("another.key");
    SecretKeys.open(another, random);
    Files.writeString(keyFile(), Files.readString(keyFile()) + Files.readString(another));

    vault = vault(keyFile());

    assertEquals(value(VALUE), vault.deliver(host, agent, List.of("es-ingest")).getFirst().value());
    set("es-ingest", VALUE, Optional.empty());
    assertTrue(
        Files.readString(another)
            .startsWith(query("SELECT key_id FROM secret").replaceAll("[\\[\\]]", "")));
  }

  @Test
  void aKeyThatOthersCanReadIsRefused() throws IOException {
    Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString("rw-r-----"));

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> SecretKeys.open(keyFile(), random));

    assertTrue(String.valueOf(refused.getMessage()).contains("expected: rw-------"));
  }

  @Test
  void aDamagedKeyIsSaidAndNotShown() throws IOException {
    String key = Files.readString(keyFile()).strip();
    Files.writeString(keyFile(), key.substring(0, key.length() - 1) + "\n");

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> SecretKeys.open(keyFile(), random));

    assertTrue(String.valueOf(refused.getMessage()).contains("line 1 is no key"));
    assertFalse(String.valueOf(refused.getMessage()).contains(key.substring(13, 40)));
  }

  @Test
  void whatIsMistypedIsSaidWithoutTheValue() {
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "name: Es_Ingest (expected: 1 to 63",
        () -> set("Es_Ingest", VALUE, agentsOf("filebeat")));
    assertRefused(
        ErrorCode.BAD_REQUEST, "agents: missing", () -> set("a", VALUE, Optional.empty()));
    assertRefused(
        ErrorCode.BAD_REQUEST, "agents: ../x (expected", () -> set("a", VALUE, agentsOf("../x")));
    assertRefused(ErrorCode.BAD_REQUEST, "value: empty", () -> value(""));
    assertRefused(ErrorCode.BAD_REQUEST, "holds a NUL", () -> value(VALUE + "\0"));
    assertRefused(
        ErrorCode.BAD_REQUEST,
        "not UTF-8",
        () -> SecretValue.of(new byte[] {(byte) 0xc3, (byte) 0x28}));
    assertRefused(
        ErrorCode.TOO_LARGE, "at most 65536", () -> value("x".repeat(SecretValue.MOST_BYTES + 1)));
  }
}
