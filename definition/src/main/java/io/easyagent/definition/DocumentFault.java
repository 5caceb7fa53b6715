package io.easyagent.definition;

import io.easyagent.definition.DocumentNode.Place;

/** The text is no document that can be read at all. */
public final class DocumentFault extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Place place;

  public DocumentFault(Place place, String message) {
    super(message);
    this.place = place;
  }

  public Place place() {
    return place;
  }
}
