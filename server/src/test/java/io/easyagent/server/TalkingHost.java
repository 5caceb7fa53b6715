package io.easyagent.server;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogEnd;
import io.easyagent.server.log.LogHost;
import io.easyagent.server.log.LogOrder;
import io.easyagent.server.log.LogSender;
import io.easyagent.server.log.LogStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A host whose agents print what a test says, and no more when it is asked for more. */
final class TalkingHost implements LogHost {
  final List<LogOrder> orders = new CopyOnWriteArrayList<>();
  final List<String> stops = new CopyOnWriteArrayList<>();
  private final RestServer server;
  private final HostId id;
  private volatile Consumer<LogStream> answer = stream -> {};

  /** It neither prints nor ends. */
  volatile boolean silent;

  TalkingHost(RestServer server, HostId id) {
    this.server = server;
    this.id = id;
    server.sessions.put(id, this);
  }

  /** What it does with each stream once it has called. */
  void answers(Consumer<LogStream> given) {
    answer = given;
  }

  @Override
  public HostId host() {
    return id;
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public void streamLog(LogOrder order) {
    orders.add(order);
    LogStream stream = server.logs.find(order.stream(), id, 1).orElseThrow();
    stream.begin(
        new LogSender() {
          @Override
          public void more() {
            if (!silent) {
              stream.end(new LogEnd.Complete());
            }
          }

          @Override
          public void stop(String why) {
            stops.add(why);
          }
        });
    answer.accept(stream);
  }
}
