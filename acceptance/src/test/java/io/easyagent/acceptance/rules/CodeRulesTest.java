package io.easyagent.acceptance.rules;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Rules of single classes. */
class CodeRulesTest {
  /** The only classes that ask the machine for the time, wait for it to pass, or draw lots. */
  private static final String CLOCKS =
      "io\\.easyagent\\.(server|sidecar|cli|api|simulator)\\.([a-z.]+\\.)?(SystemTime|SystemClock|SystemTicker)";

  @Test
  void timeAndChanceComeFromOutside() {
    noClasses()
        .that()
        .haveNameNotMatching(CLOCKS)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethodWhere(target(owner(type(Thread.class))).and(target(name("sleep"))))
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(Program.CLASSES);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .that()
        .areNotAssignableTo(TrustManager.class)
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(Program.CLASSES);
  }

  @Test
  void everyPackageSaysWhatLivesThereAndIsNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass each : Program.CLASSES) {
      if (!each.getSimpleName().equals("package-info")
          && !each.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(each.getPackageName());
      }
    }
    assertEquals(Set.of(), unmarked);
  }

  @Test
  void nobodyPrintsToStandardOutputButThePrograms() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.easyagent.server.*..",
            "io.easyagent.sidecar.*..",
            "io.easyagent.simulator.*..",
            "io.easyagent.api..")
        .should()
        .accessField(System.class, "out")
        .check(Program.CLASSES);
  }
}
