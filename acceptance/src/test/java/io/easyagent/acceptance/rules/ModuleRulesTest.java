package io.easyagent.acceptance.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs meet only through the wire and the REST contract. */
class ModuleRulesTest {
  private static final String API = "io.easyagent.api..";
  private static final String CLI = "io.easyagent.cli..";
  private static final String DEFINITION = "io.easyagent.definition..";
  private static final String PROTOCOL = "io.easyagent.protocol..";
  private static final String SERVER = "io.easyagent.server..";
  private static final String SIDECAR = "io.easyagent.sidecar..";
  private static final String SIMULATOR = "io.easyagent.simulator..";

  /**
   * Far fewer classes than these were not the whole program: rules would pass on next to nothing.
   */
  @ParameterizedTest
  @CsvSource({
    "api, 25",
    "cli, 25",
    "definition, 25",
    "server, 150",
    "sidecar, 150",
    "simulator, 25"
  })
  void allOfAProgramIsLookedAt(String module, int fewest) {
    long count =
        Program.CLASSES.stream()
            .filter(each -> each.getPackageName().startsWith("io.easyagent." + module))
            .count();
    assertTrue(count >= fewest, count + " classes (expected: at least " + fewest + ")");
  }

  @Test
  void theSidecarKnowsOnlyTheWire() {
    refuse(SIDECAR, SERVER, CLI, API);
  }

  @Test
  void theServerKnowsNeitherSidecarNorCommandLine() {
    refuse(SERVER, SIDECAR, CLI);
  }

  @Test
  void theCommandLineKnowsOnlyTheRestContract() {
    refuse(CLI, SERVER, SIDECAR, PROTOCOL, "io.grpc..");
  }

  @Test
  void theRestContractKnowsNobody() {
    refuse(API, SERVER, SIDECAR, CLI, PROTOCOL);
  }

  @Test
  void whatADefinitionIsKnowsNoProgram() {
    refuse(DEFINITION, SERVER, SIDECAR, CLI, API, SIMULATOR, "com.fasterxml..", "io.grpc..");
  }

  @Test
  void theSimulatorKnowsTheSidecarAndNobodyKnowsTheSimulator() {
    refuse(SIMULATOR, SERVER, CLI, API);
    for (String program : new String[] {SERVER, SIDECAR, CLI, API}) {
      refuse(program, SIMULATOR);
    }
  }

  private static void refuse(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(Program.CLASSES);
  }
}
