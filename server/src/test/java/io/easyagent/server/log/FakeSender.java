package io.easyagent.server.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A host's call: counts what it was let to send, and keeps why it was ended. */
final class FakeSender implements LogSender {
  final AtomicInteger asked = new AtomicInteger();
  final List<String> stops = new CopyOnWriteArrayList<>();

  @Override
  public void more() {
    asked.incrementAndGet();
  }

  @Override
  public void stop(String why) {
    stops.add(why);
  }
}
