package io.easyagent.sidecar.operation.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.FakeSupervision.Call;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where values of secrets go on a host, and where they do not. */
class SecretOperationsTest {
  private static final String OLD = "hunter22-old";
  private static final String NEW = "hunter22-new";

  @TempDir Path folder;
  private TestHost host;
  private JournalledOperations operations;

  @BeforeEach
  void open() {
    host = new TestHost(folder);
    operations = host.start();
    host.secrets.set("es-ingest", OLD);
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  private static AgentDefinition definition(
      Map<String, String> environment, String template, int mode, DefinedFile.Apply apply) {
    AgentDefinition base =
        SampleDefinitions.withFiles(
            List.of(
                new DefinedFile(
                    "filebeat.yml",
                    mode,
                    apply,
                    Optional.of(List.of("/bin/cat", "{{file}}")),
                    new DefinedFile.Source.Template(template))));
    return new AgentDefinition(
        base.name(),
        base.type(),
        base.packageReference(),
        base.user(),
        base.command(),
        environment,
        base.files(),
        base.ready(),
        base.health(),
        base.restart(),
        base.stop(),
        base.limits(),
        base.logs(),
        base.install(),
        base.uninstall());
  }

  private static AgentDefinition inFile(DefinedFile.Apply apply) {
    return definition(Map.of(), "key: \"{{secret.es-ingest}}\"\n", 0640, apply);
  }

  private static AgentDefinition inEnvironment() {
    return definition(
        Map.of("API_KEY", "{{secret.es-ingest}}"), "a: b\n", 0640, new DefinedFile.Apply.Nothing());
  }

  private OperationResult install(AgentDefinition definition) {
    return host.run(operations, new Command.Install(TestHost.FILEBEAT, definition, 1, true));
  }

  private void installed(AgentDefinition definition) {
    OperationResult result = install(definition);
    assertEquals(Outcome.SUCCEEDED, result.outcome(), result.message());
  }

  private OperationResult configure(AgentDefinition definition) {
    return host.run(operations, new Command.Configure(TestHost.FILEBEAT, definition, 2));
  }

  private Path own(String name) throws Exception {
    return host.agent("filebeat").root().resolve(name);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private long restarts() {
    return host.processes.calls().stream().filter(Call.Stopped.class::isInstance).count();
  }

  private List<Path> filesWith(String value) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> {
            try {
              return new String(Files.readAllBytes(file), UTF_8).contains(value);
            } catch (IOException failure) {
              throw new IllegalStateException(failure);
            }
          })
          .map(folder::relativize)
          .sorted()
          .toList();
    }
  }

  @Test
  void aValueLiesInTheFileThatNamesItAndWithRoot() throws Exception {
    installed(inFile(new DefinedFile.Apply.Restart()));

    Path rendered = own("config/filebeat.yml");
    assertEquals("key: \"" + OLD + "\"\n", Files.readString(rendered));
    assertEquals("rw-r-----", mode(rendered));
    assertEquals("rw-------", mode(own("secrets")));
    assertFalse(Files.exists(own("secrets.new")));
    assertEquals(List.of(folder.relativize(rendered)), filesWith(OLD));
    assertFalse(host.disk.entries().toString().contains(OLD), "in the journal");
  }

  @Test
  void aValueOfTheEnvironmentIsThereAfterARestartWithoutTheServer() throws Exception {
    installed(inEnvironment());
    assertEquals(
        OLD, host.processes.findPlan(TestHost.FILEBEAT).orElseThrow().environment().get("API_KEY"));

    host.secrets.breakLink(Integer.MAX_VALUE);
    host.start();

    var plan = host.processes.findPlan(TestHost.FILEBEAT).orElseThrow();
    assertEquals(OLD, plan.environment().get("API_KEY"));
    assertFalse(plan.toString().contains(OLD), plan::toString);
    assertFalse(host.disk.entries().toString().contains(OLD), "in the journal");
  }

  @Test
  void aValueThatWasSetAnewRestartsWhatHasItInItsEnvironment() throws Exception {
    installed(inEnvironment());
    host.secrets.set("es-ingest", NEW);

    OperationResult result = configure(inEnvironment());

    assertEquals("revision 2 in force, restarted, pid 1002", result.message());
    assertEquals(1, restarts());
    assertEquals(
        NEW, host.processes.findPlan(TestHost.FILEBEAT).orElseThrow().environment().get("API_KEY"));
    assertEquals(1, restarts());
    assertEquals("revision 2 unchanged", configure(inEnvironment()).message());
  }

  @Test
  void aValueThatWasSetAnewAppliesAsItsFileSays() throws Exception {
    DefinedFile.Apply signal = new DefinedFile.Apply.Signal("HUP");
    installed(inFile(signal));
    host.secrets.set("es-ingest", NEW);

    assertEquals("revision 2 in force, signal HUP sent", configure(inFile(signal)).message());

    assertEquals("key: \"" + NEW + "\"\n", Files.readString(own("config/filebeat.yml")));
    assertEquals(List.of(), filesWith(OLD));
  }

  @Test
  void aRefusedChangeLeavesNoValueAndShowsNone() throws Exception {
    installed(inFile(new DefinedFile.Apply.Restart()));
    host.secrets.set("es-ingest", NEW);
    byte[] shown = ("bad key: " + NEW + " and " + OLD).getBytes(UTF_8);
    host.tasks.script(plan ->
        new TaskEnd(
            new ProcessEnd.Exited(1), false, false, new Output(shown, new byte[0], shown.length)));

    OperationResult result = configure(inFile(new DefinedFile.Apply.Restart()));

    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals("validate filebeat.yml: exit 1: bad key: ****** and ******", result.message());
    assertFalse(host.disk.entries().toString().contains(NEW), "in the journal");
    assertEquals("key: \"" + OLD + "\"\n", Files.readString(own("config/filebeat.yml")));
    assertEquals(List.of(), filesWith(NEW));
    assertFalse(Files.exists(own("secrets.new")));
    assertFalse(Files.exists(own("config.new")));
  }

  @Test
  void outputOfAnExecIsRedactedWhereverItWasCut() {
    installed(inFile(new DefinedFile.Apply.Restart()));
    byte[] head = ("x " + OLD.substring(0, 8)).getBytes(UTF_8);
    byte[] tail = (OLD.substring(5) + " y").getBytes(UTF_8);
    Command exec =
        new Command.Exec(
            Optional.of(TestHost.FILEBEAT),
            new Command.Exec.Work.Arguments(List.of("/bin/cat", "x")),
            Optional.empty(),
            Map.of());
    host.tasks.script(
        plan -> new TaskEnd(new ProcessEnd.Exited(0), false, false, new Output(head, tail, 9999)));

    Output cut = host.run(operations, exec).output();

    assertEquals("x ******", new String(cut.head(), UTF_8));
    assertEquals("****** y", new String(cut.tail(), UTF_8));
    byte[] first = ("x " + OLD.substring(0, 3)).getBytes(UTF_8);
    byte[] second = (OLD.substring(3) + " y").getBytes(UTF_8);
    host.tasks.script(plan ->
        new TaskEnd(
            new ProcessEnd.Exited(0),
            false,
            false,
            new Output(first, second, first.length + second.length)));

    Output whole = host.run(operations, exec).output();

    assertEquals("x ****** y", new String(whole.head(), UTF_8) + new String(whole.tail(), UTF_8));
    assertEquals(10, whole.totalBytes());
  }

  @Test
  void aHostsOwnExecIsRedactedForEveryAgent() {
    installed(inFile(new DefinedFile.Apply.Restart()));
    byte[] shown = ("key: " + OLD).getBytes(UTF_8);
    host.tasks.script(plan ->
        new TaskEnd(
            new ProcessEnd.Exited(0), false, false, new Output(shown, new byte[0], shown.length)));

    Output output =
        host.run(
                operations,
                new Command.Exec(
                    Optional.empty(),
                    new Command.Exec.Work.Arguments(List.of("/bin/cat", "x")),
                    Optional.empty(),
                    Map.of()))
            .output();

    assertEquals("key: ******", new String(output.head(), UTF_8));
  }

  @Test
  void aBrokenLinkIsTriedAgainAndARefusalEndsTheOperation() throws Exception {
    host.secrets.breakLink(2);
    TakenCommand command =
        host.command(
            new Command.Install(
                TestHost.FILEBEAT, inFile(new DefinedFile.Apply.Restart()), 1, true));
    operations.take(command);
    Eventually.await(
        TestHost.SOON,
        "the end of the install",
        () -> {
          host.clock.advance(Duration.ofSeconds(1));
          return host.find(command).isPresent();
        });
    assertEquals(Outcome.SUCCEEDED, host.await(command).outcome());

    OperationResult refused =
        configure(
            definition(
                Map.of("A", "{{secret.gone}}"), "a: b\n", 0640, new DefinedFile.Apply.Nothing()));

    assertEquals("secrets: there is no secret gone", refused.message());
  }

  @Test
  void aDefinitionWithoutSecretsRemovesThem() throws Exception {
    installed(inFile(new DefinedFile.Apply.Restart()));

    configure(definition(Map.of(), "a: b\n", 0640, new DefinedFile.Apply.Restart()));

    assertFalse(Files.exists(own("secrets")));
    assertEquals(List.of(), filesWith(OLD));
  }

  @Test
  void anUninstallLeavesNoValue() throws Exception {
    installed(inFile(new DefinedFile.Apply.Restart()));

    host.run(operations, new Command.Uninstall(TestHost.FILEBEAT, false));

    assertEquals(List.of(), filesWith(OLD));
    assertFalse(Files.exists(own("secrets")));
  }

  @Test
  void aModeThatLetsOthersReadIsRefusedOnTheHostToo() {
    OperationResult result =
        install(
            definition(
                Map.of(),
                "key: \"{{secret.es-ingest}}\"\n",
                0644,
                new DefinedFile.Apply.Nothing()));

    assertEquals(
        "files: filebeat.yml mode 0644 with a secret (expected: 0640 or less)", result.message());
  }

  @Test
  void aSecretInACommandIsRefusedOnTheHostToo() {
    AgentDefinition base = inFile(new DefinedFile.Apply.Restart());
    OperationResult result =
        install(
            SampleDefinitions.of(
                Optional.empty(),
                List.of("/bin/sh", "{{secret.es-ingest}}"),
                base.files(),
                Optional.empty(),
                Optional.empty()));

    assertTrue(
        result.message().startsWith("command[1]: {{secret.es-ingest}} (expected: a secret"),
        result.message());
  }
}
