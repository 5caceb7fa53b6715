package io.easyagent.server.agent.definition;

import io.easyagent.server.agent.definition.DocumentNode.Place;

/** The text is no document that can be read at all. */
final class DocumentFault extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Place place;

  DocumentFault(Place place, String message) {
    super(message);
    this.place = place;
  }

  Place place() {
    return place;
  }
}
