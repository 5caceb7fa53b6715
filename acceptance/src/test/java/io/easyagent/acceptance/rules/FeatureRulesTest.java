package io.easyagent.acceptance.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Packages are features; what touches the world is at their edges. */
class FeatureRulesTest {
  private static final Pattern EDGE =
      Pattern.compile("io\\.easyagent\\.server\\.([a-z]+)\\.(api|rpc|store)(\\..*)?");

  private static final String[] EDGES = {
    "io.easyagent.server.*.api..",
    "io.easyagent.server.*.rpc..",
    "io.easyagent.server.*.store..",
    // What all edges of one kind share: the database, the ports.
    "io.easyagent.server.store..",
    "io.easyagent.server.transport..",
    "io.easyagent.sidecar.journal.store..",
    "io.easyagent.sidecar.session..",
    "io.easyagent.sidecar.wire.."
  };

  private static final String[] ASSEMBLY = {"io.easyagent.server", "io.easyagent.sidecar"};

  private static final String[] TECHNOLOGY = {
    "io.grpc..",
    "io.netty..",
    "io.javalin..",
    "org.eclipse.jetty..",
    "jakarta.servlet..",
    "org.jdbi..",
    "org.flywaydb..",
    "org.sqlite..",
    "java.sql..",
    "javax.sql..",
    "io.easyagent.protocol.."
  };

  @Test
  void technologyStaysAtTheEdges() {
    noClasses()
        .that(
            resideInAnyPackage("io.easyagent.server..", "io.easyagent.sidecar..")
                .and(not(resideInAnyPackage(EDGES)))
                .and(not(resideInAnyPackage(ASSEMBLY))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TECHNOLOGY)
        .check(Program.CLASSES);
  }

  @Test
  void edgesDoNotSeeEachOther() {
    classes()
        .that()
        .resideInAnyPackage(
            "io.easyagent.server.*.api..",
            "io.easyagent.server.*.rpc..",
            "io.easyagent.server.*.store..")
        .should(notSeeAnotherEdge())
        .check(Program.CLASSES);
  }

  @Test
  void featuresOfTheServerDoNotSeeTheAssembly() {
    noClasses()
        .that()
        .resideInAPackage("io.easyagent.server.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.easyagent.server")
        .check(Program.CLASSES);
  }

  @Test
  void featuresOfTheSidecarDoNotSeeTheAssembly() {
    noClasses()
        .that()
        .resideInAPackage("io.easyagent.sidecar.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.easyagent.sidecar")
        .check(Program.CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.easyagent.(**)").should().beFreeOfCycles().check(Program.CLASSES);
  }

  private static ArchCondition<JavaClass> notSeeAnotherEdge() {
    return new ArchCondition<>("not see another edge") {
      @Override
      public void check(JavaClass each, ConditionEvents events) {
        Optional<String> own = edge(each);
        each.getDirectDependenciesFromSelf()
            .forEach(dependency -> {
              Optional<String> other = edge(dependency.getTargetClass());
              if (other.isPresent() && !other.equals(own)) {
                events.add(SimpleConditionEvent.violated(each, dependency.getDescription()));
              }
            });
      }
    };
  }

  private static Optional<String> edge(JavaClass each) {
    Matcher matcher = EDGE.matcher(each.getPackageName());
    return matcher.matches()
        ? Optional.of(matcher.group(1) + "." + matcher.group(2))
        : Optional.empty();
  }
}
