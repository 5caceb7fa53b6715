package io.easyagent.api.client;

/** What a {@link Watch} tells. */
public sealed interface WatchSignal<T> {
  /** Something was seen. After a resumed connection the same may be seen again. */
  record Item<T>(T value) implements WatchSignal<T> {}

  /** The server is out of reach; the watch goes on trying. */
  record Lost<T>(String why) implements WatchSignal<T> {}

  /** The server is back; what was missed follows. */
  record Resumed<T>() implements WatchSignal<T> {}

  /** There is nothing more to see; the last signal. */
  record Ended<T>() implements WatchSignal<T> {}

  /** Watching is not possible; the last signal. */
  record Failed<T>(ClientException why) implements WatchSignal<T> {}
}
