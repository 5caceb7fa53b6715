package io.easyagent.definition;

import java.util.Optional;
import java.util.function.Function;

/** Reads one value; what is wrong is noted in its findings, and then the result is empty. */
interface Decoder<T> {
  Optional<T> decode(Found found);

  /** Decodes, and then turns the value into another. */
  default <R> Decoder<R> then(Function<T, R> conversion) {
    return found -> decode(found).map(conversion);
  }
}
