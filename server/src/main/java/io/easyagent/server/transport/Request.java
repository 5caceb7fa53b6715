package io.easyagent.server.transport;

import io.easyagent.definition.DurationText;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.OperatorToken;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.query.PageRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A request that has passed the gate. Everything that is read from it is checked and bounded. */
public final class Request {
  /** Bytes of a JSON body. */
  static final int MOST_BODY = 1 << 20;

  private static final long MOST_DISCARDED = 64L << 20;

  static final Set<String> PAGING = Set.of("limit", "cursor");

  private static final int MOST_HEADER = 256;

  private final Context context;
  private final Optional<OperatorToken> caller;
  private final UnaryOperator<InputStream> pace;

  /**
   * @param pace what stands between the body and all that read it
   */
  Request(Context context, Optional<OperatorToken> caller, UnaryOperator<InputStream> pace) {
    this.context = context;
    this.caller = caller;
    this.pace = pace;
  }

  /** Who asks; there is nobody on open routes. */
  public OperatorToken caller() {
    return caller.orElseThrow(() -> new IllegalStateException("an open route has no caller"));
  }

  /** What the caller may do with hosts. */
  public Scope scope() {
    return caller().scope();
  }

  /** The address that the request came from. */
  public String from() {
    return context.req().getRemoteAddr();
  }

  public String path(String name) {
    return context.pathParam(name);
  }

  /**
   * @throws RefusedException NOT_FOUND for a text that is no id: there is nothing with such an id
   */
  public UUID id(String name, String what) {
    String text = path(name);
    return parseId(text)
        .orElseThrow(() ->
            new RefusedException(
                ErrorCode.NOT_FOUND, "there is no " + what + " " + Shown.of(text)));
  }

  /** Empty for a text that is no id. */
  public static Optional<UUID> parseId(String text) {
    try {
      return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
    } catch (IllegalArgumentException noId) {
      return Optional.empty();
    }
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(context.queryParam(name));
  }

  public Optional<UUID> queryId(String name) {
    return query(name)
        .map(text ->
            parseId(text)
                .orElseThrow(() ->
                    new RefusedException(
                        ErrorCode.BAD_REQUEST,
                        name + ": " + Shown.of(text) + " (expected: an id)")));
  }

  public OptionalLong queryNumber(String name) {
    return query(name).stream().mapToLong(text -> number(name, text)).findFirst();
  }

  private static long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException noNumber) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, name + ": " + Shown.of(text) + " (expected: a whole number)");
    }
  }

  /** A header that is a whole number. */
  public OptionalLong headerNumber(String name) {
    return header(name).stream().mapToLong(text -> number(name, text)).findFirst();
  }

  public PageRequest page() {
    long limit = queryNumber("limit").orElse(PageRequest.USUAL);
    return new PageRequest(
        (int) Math.clamp(limit, Integer.MIN_VALUE, Integer.MAX_VALUE), query("cursor"));
  }

  /**
   * @throws RefusedException BAD_REQUEST for a header that is too long or has odd characters
   */
  public Optional<String> header(String name) {
    Optional<String> value = Optional.ofNullable(context.header(name));
    value
        .filter(text -> text.length() > MOST_HEADER || !text.chars().allMatch(Request::isPrintable))
        .ifPresent(text -> {
          throw new RefusedException(
              ErrorCode.BAD_REQUEST,
              name
                  + ": "
                  + Shown.of(text)
                  + " (expected: at most "
                  + MOST_HEADER
                  + " printable characters)");
        });
    return value;
  }

  private static boolean isPrintable(int character) {
    return character >= 0x20 && character < 0x7f;
  }

  /** The body as the type says; see {@link JsonBody}. */
  public <T> T body(Class<T> type) {
    return JsonBody.read(bodyBytes(), type);
  }

  /** A body that was read already, as the type says. */
  public <T> T body(byte[] bytes, Class<T> type) {
    return JsonBody.read(bytes, type);
  }

  /** The body's bytes, as they were sent; read only once. */
  public byte[] bodyBytes() {
    try {
      byte[] bytes = bodyStream().readNBytes(MOST_BODY + 1);
      if (bytes.length > MOST_BODY) {
        discardBody(MOST_DISCARDED);
        throw new RefusedException(
            ErrorCode.TOO_LARGE, "the body (expected: at most " + MOST_BODY + " bytes)");
      }
      return bytes;
    } catch (IOException broken) {
      throw new ClientGone(broken);
    }
  }

  /** The body as a stream, for what is larger; whoever reads it bounds it. */
  public InputStream bodyStream() {
    try {
      return pace.apply(context.req().getInputStream());
    } catch (IOException broken) {
      throw new ClientGone(broken);
    }
  }

  /**
   * Reads what is left of the body and drops it: a client that still sends sees its connection
   * break instead of the answer.
   *
   * @param most bytes that are worth it
   */
  public void discardBody(long most) {
    byte[] buffer = new byte[64 << 10];
    try (InputStream rest = bodyStream()) {
      long left = most;
      for (int read = rest.read(buffer); read >= 0 && left > 0; read = rest.read(buffer)) {
        left -= read;
      }
    } catch (IOException broken) {
      throw new ClientGone(broken);
    }
  }

  /** How many bytes the body will have; empty when the client does not say. */
  public OptionalLong bodyLength() {
    long length = context.req().getContentLengthLong();
    return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
  }

  /**
   * Reads a duration that a request gives as text.
   *
   * @throws RefusedException BAD_REQUEST when it is none, or out of range
   */
  public static Duration duration(String place, String text, Duration least, Duration most) {
    return DurationText.parse(text)
        .filter(duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0)
        .orElseThrow(() ->
            new RefusedException(
                ErrorCode.BAD_REQUEST,
                "%s: %s (expected: a duration from %s to %s, like 15m)"
                    .formatted(
                        place,
                        text.isEmpty() ? "empty" : Shown.of(text),
                        DurationText.format(least),
                        DurationText.format(most))));
  }

  /** Refuses parameters of the query that the route does not know. */
  void checkQuery(Route route) {
    for (String name : context.queryParamMap().keySet()) {
      if (!route.query().contains(name)) {
        throw new RefusedException(
            ErrorCode.UNKNOWN_KEY,
            "unknown query parameter " + Shown.of(name) + Unknown.hint(name, route.query()));
      }
    }
  }

  /** Not the server's fault: nobody is there to be answered. */
  static final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClientGone(IOException cause) {
      super(Objects.toString(cause.getMessage(), "connection closed"), cause);
    }
  }
}
