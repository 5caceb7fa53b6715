package io.easyagent.acceptance.rules;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The main code that the rules are about; generated code and tests are not. */
final class Program {
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(
              "io.easyagent.api",
              "io.easyagent.cli",
              "io.easyagent.cron",
              "io.easyagent.definition",
              "io.easyagent.server",
              "io.easyagent.sidecar",
              "io.easyagent.simulator")
          .that(DescribedPredicate.not(isGenerated()));

  private Program() {}

  private static DescribedPredicate<JavaClass> isGenerated() {
    return DescribedPredicate.describe(
        "generated from .proto files",
        each ->
            each.isAssignableTo("com.google.protobuf.GeneratedMessage")
                || each.isAssignableTo("com.google.protobuf.MessageOrBuilder")
                || each.isAssignableTo("com.google.protobuf.ProtocolMessageEnum")
                || each.getPackageName().endsWith(".stored"));
  }
}
