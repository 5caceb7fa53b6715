package io.easyagent.sidecar.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.config.ConfigurationException;
import io.easyagent.sidecar.policy.Demand.CommandLine;
import io.easyagent.sidecar.policy.Demand.Place;
import io.easyagent.sidecar.policy.Demand.ProbedAddress;
import io.easyagent.sidecar.policy.Demand.RunAs;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule by itself: what it allows, what it refuses, and what it says. */
class PolicyTest {
  private static final RunAs BEATS = new RunAs("beats", OptionalInt.of(12345));
  private static final RunAs ROOT = new RunAs("root", OptionalInt.of(0));
  private static final PackageReference FILEBEAT =
      new PackageReference("filebeat", "8", "cd".repeat(32), 10);

  private static String check(String rules, Demand demand) throws ConfigurationException {
    return PolicyText.read("policy.yaml", rules).check(demand).refusal().orElse("allowed");
  }

  private static void refused(String reason, String rules, Demand demand)
      throws ConfigurationException {
    assertEquals("refused by the host's policy: " + reason, check(rules, demand));
    assertEquals("allowed", check("", demand), "without the rule");
  }

  private static void allowed(String rules, Demand demand) throws ConfigurationException {
    assertEquals("allowed", check(rules, demand));
  }

  private static Demand as(RunAs account) {
    return new Demand(
        Optional.empty(), Optional.of(account), Optional.empty(), List.of(), List.of(), Set.of());
  }

  private static Demand operation(OperationKind kind) {
    return new Demand(
        Optional.of(kind), Optional.empty(), Optional.empty(), List.of(), List.of(), Set.of());
  }

  private static Demand line(CommandLine line) {
    return new Demand(
        Optional.empty(), Optional.of(BEATS), Optional.empty(), List.of(line), List.of(), Set.of());
  }

  private static Demand of(PackageReference reference) {
    return new Demand(
        Optional.empty(), Optional.empty(), Optional.of(reference), List.of(), List.of(), Set.of());
  }

  private static Demand setting(RunAs account, String variable) {
    return new Demand(
        Optional.empty(),
        Optional.of(account),
        Optional.empty(),
        List.of(),
        List.of(),
        Set.of(variable));
  }

  private static Place onHost(String path) {
    return new Place.OnHost(Path.of(path), Path.of(path), false);
  }

  @Test
  void usersAreThoseOfTheList() throws Exception {
    allowed("users: [beats]", as(BEATS));
    refused(
        "user: beats (expected: one of users: [metrics, web])", "users: [web, metrics]", as(BEATS));
    refused("user: beats (expected: one of users: [])", "users: []", as(BEATS));
  }

  @Test
  void rootIsUidZeroUnderAnyName() throws Exception {
    RunAs toor = new RunAs("toor", OptionalInt.of(0));
    refused(
        "user: toor has uid 0 (expected: another uid, because root: false)",
        "root: false",
        as(toor));
    refused(
        "user: root has uid 0 (expected: another uid, because root: false)",
        "users: [beats]",
        as(ROOT));
    refused(
        "user: toor has uid 0 (expected: another uid, because root: false)",
        "users: [toor]",
        as(toor));
    allowed("users: [beats]\nroot: true", as(toor));
    allowed("root: false", as(BEATS));
  }

  @Test
  void aUserWhomTheHostDoesNotKnowIsNobodyWhoMayDoAnything() throws Exception {
    RunAs nobody = new RunAs("no\u001bone", OptionalInt.empty());
    refused("user: no?one (expected: a user of this host)", "root: false", as(nobody));
    refused("user: no?one (expected: a user of this host)", "users: [no-one]", as(nobody));
  }

  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void operationsAreThoseOfTheList(OperationKind kind) throws Exception {
    allowed("operations: [" + kind.word() + "]", operation(kind));
    refused(
        "operation: " + kind.word() + " (expected: one of operations: [])",
        "operations: []",
        operation(kind));
  }

  @Test
  void withoutExecNoCommandLineComesFromTheServer() throws Exception {
    refused(
        "operation: exec (expected: none, because exec: false)",
        "exec: false",
        operation(OperationKind.EXEC));
    for (String what :
        List.of(
            "install", "uninstall", "health.command", "ready.command", "files.a.yml.validate")) {
      refused(
          what + " (expected: none, because exec: false)",
          "exec: false",
          line(new CommandLine(what, true, new Place.InPackage())));
    }
  }

  @Test
  void withoutExecAnAgentIsAPackagesProgramOrOfTheAllowedPaths() throws Exception {
    allowed("exec: false", line(new CommandLine("command", false, new Place.InPackage())));
    CommandLine ofTheHost = new CommandLine("command", false, onHost("/usr/sbin/rsyslogd"));
    refused(
        "command: /usr/sbin/rsyslogd (expected: a program of the agent's package, because exec:"
            + " false and there are no paths)",
        "exec: false",
        line(ofTheHost));
    allowed("exec: false\npaths: [/usr/sbin]", line(ofTheHost));
  }

  @Test
  void programsOfTheHostLieInTheAllowedPaths() throws Exception {
    allowed("paths: [/opt/x]", line(new CommandLine("command", false, onHost("/opt/x/bin/a"))));
    allowed("paths: [/opt/x]", line(new CommandLine("command", false, new Place.InPackage())));
    for (boolean further : List.of(true, false)) {
      refused(
          "command: /opt/xx/a (expected: a program of the agent's package or below one of paths:"
              + " [/opt/x])",
          "paths: [/opt/x]",
          line(new CommandLine("command", further, onHost("/opt/xx/a"))));
    }
  }

  @Test
  void aLinkCountsAsWhatItLeadsTo() throws Exception {
    refused(
        "command: /opt/x/a, which is /bin/bash (expected: a program of the agent's package or"
            + " below one of paths: [/opt/x])",
        "paths: [/opt/x]",
        line(
            new CommandLine(
                "command",
                false,
                new Place.OnHost(Path.of("/opt/x/a"), Path.of("/bin/bash"), false))));
  }

  @Test
  void whatTheServerMayWriteIsNoProgramOfTheHost() throws Exception {
    Path rendered = Path.of("/opt/data/agents/a/config/run.sh");
    refused(
        "command: /opt/data/agents/a/config/run.sh (expected: a program of the agent's package or"
            + " below one of paths: [/opt])",
        "paths: [/opt]",
        line(new CommandLine("command", false, new Place.OnHost(rendered, rendered, true))));
  }

  @Test
  void packagesAreThoseOfTheList() throws Exception {
    allowed("packages: {names: [filebeat]}", of(FILEBEAT));
    allowed("packages: {names: [\"file*\"]}", of(FILEBEAT));
    refused(
        "package: filebeat@8 (expected: one of packages.names: [file, metric*])",
        "packages: {names: [file, \"metric*\"]}",
        of(FILEBEAT));
  }

  @Test
  void packagesAreSignedByAKeyOfTheList() throws Exception {
    SignedPackages known = SignedPackages.newKey();
    SignedPackages other = SignedPackages.newKey();
    String rules = "packages: {keys: [" + other.text() + ", " + known.text() + "]}";
    allowed(rules, of(known.sign(FILEBEAT)));
    refused(
        "package: filebeat@8 is not signed (expected: a signature by a key of packages.keys)",
        rules,
        of(FILEBEAT));
    String wrong =
        "package: filebeat@8 has a signature that is not of this name, version and content by any"
            + " of the 2 keys (expected: a signature by a key of packages.keys)";
    refused(wrong, rules, of(SignedPackages.newKey().sign(FILEBEAT)));
    refused(wrong, rules, of(SignedPackages.signedWith(FILEBEAT, "00".repeat(64))));
  }

  @Test
  void aSignatureIsOfOneNameVersionAndContent() {
    SignedPackages known = SignedPackages.newKey();
    PackageRules rules = new PackageRules(Optional.empty(), List.of(known.key()));
    assertTrue(rules.against(known.sign(FILEBEAT)).isEmpty());
    String signature = known.sign(FILEBEAT).signature().orElseThrow();
    for (PackageReference swapped :
        List.of(
            new PackageReference("metricbeat", "8", FILEBEAT.sha256(), 10),
            new PackageReference("filebeat", "7", FILEBEAT.sha256(), 10),
            new PackageReference("filebeat", "8", "ce".repeat(32), 10))) {
      assertTrue(rules.against(SignedPackages.signedWith(swapped, signature)).isPresent());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "GCONV_PATH", "OPENSSL_CONF"})
  void rootsLoaderIsLeftAlone(String variable) throws Exception {
    String refusal =
        "refused by the host's policy: environment: "
            + variable
            + " (expected: no variable of the loader for what runs as root)";
    assertEquals(refusal, check("", setting(ROOT, variable)));
    assertEquals(refusal, check("", setting(new RunAs("toor", OptionalInt.of(0)), variable)));
    allowed("", setting(BEATS, variable));
    allowed("environment: {allow: [" + variable + "]}", setting(ROOT, variable));
    refused(
        "environment: "
            + variable
            + " (expected: no variable that brings code, because exec: false)",
        "exec: false",
        setting(BEATS, variable));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"BASH_ENV", "PATH", "PYTHONPATH", "PERL5OPT", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS"})
  void withoutExecNoVariableBringsCode(String variable) throws Exception {
    refused(
        "environment: "
            + variable
            + " (expected: no variable that brings code, because exec: false)",
        "exec: false",
        setting(BEATS, variable));
    allowed("", setting(ROOT, variable));
  }

  @Test
  void variablesCanBeLimitedToAList() throws Exception {
    String rules = "environment: {allow: [TZ], refuse: [\"*\"]}";
    allowed(rules, setting(BEATS, "TZ"));
    refused(
        "environment: PROXY (expected: none of environment.refuse: [*])",
        rules,
        setting(BEATS, "PROXY"));
  }

  @Test
  void probesAskTheAllowedAddresses() throws Exception {
    Demand demand =
        new Demand(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(new ProbedAddress("health", InetAddress.ofLiteral("10.1.2.3"))),
            Set.of());
    allowed("health: {addresses: [10.0.0.0/8]}", demand);
    refused(
        "health: 10.1.2.3 (expected: one of health.addresses: [10.1.2.4/32, 10.1.2.0/31])",
        "health: {addresses: [10.1.2.4, 10.1.2.0/31]}",
        demand);
    Policy policy = PolicyText.read("policy.yaml", "health: {addresses: [127.0.0.0/8, \"::1\"]}");
    assertTrue(policy.allowsProbe(InetAddress.ofLiteral("127.9.9.9")));
    assertFalse(policy.allowsProbe(InetAddress.ofLiteral("128.0.0.1")));
    assertFalse(policy.allowsProbe(InetAddress.ofLiteral("::2")));
  }
}
