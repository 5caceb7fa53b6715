package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.prepare.AgentFolders;
import java.util.Optional;

/** The definition's package, from the server to its folder beside the versions that are there. */
final class PackageSteps {
  private PackageSteps() {}

  /** Has the whole archive on disk. */
  record Fetch() implements Step {
    @Override
    public String name() {
      return "fetch";
    }

    @Override
    public String doing() {
      return "fetching the package";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      return with(
          context,
          (reference, folders) ->
              context.bench().packages().fetch(reference, folders, context.pause()));
    }
  }

  /** Compares it with its checksum before anything opens it. */
  record Verify() implements Step {
    @Override
    public String name() {
      return "verify";
    }

    @Override
    public String doing() {
      return "verifying the package";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      return with(
          context,
          (reference, folders) ->
              context.bench().packages().verify(reference, folders, context.pause()));
    }
  }

  /** Unpacks it beside the versions that are there. */
  record Unpack() implements Step {
    @Override
    public String name() {
      return "unpack";
    }

    @Override
    public String doing() {
      return "unpacking the package";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      return with(
          context,
          (reference, folders) ->
              context
                  .bench()
                  .packages()
                  .unpack(
                      reference,
                      folders,
                      isInForce(context, reference),
                      context.pause(),
                      context.stop()::check));
    }
  }

  private interface Work {
    void run(PackageReference reference, AgentFolders folders) throws Exception;
  }

  private static Progress with(StepContext context, Work work) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    Optional<PackageReference> reference = definition.packageReference();
    if (reference.isPresent()) {
      AgentFolders folders = context.folders(definition.name());
      context.stop().interrupting(() -> work.run(reference.get(), folders));
    }
    return Progress.next();
  }

  private static boolean isInForce(StepContext context, PackageReference reference) {
    return context
        .findAgent()
        .flatMap(agent -> agent.installedVersion())
        .map(version -> version.equals(reference.version()))
        .orElse(false);
  }
}
