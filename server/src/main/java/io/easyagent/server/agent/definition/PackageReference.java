package io.easyagent.server.agent.definition;

/**
 * One version of a package, as a definition names it; its bytes are looked up in the repository.
 */
public record PackageReference(String name, String version) {
  @Override
  public String toString() {
    return name + "@" + version;
  }
}
