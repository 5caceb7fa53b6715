package io.easyagent.cli.console;

/** How results are written: for people, or exactly as the API's resources. */
public enum OutputFormat {
  table,
  json,
  yaml
}
