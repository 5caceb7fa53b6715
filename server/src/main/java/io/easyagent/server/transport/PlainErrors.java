package io.easyagent.server.transport;

import io.easyagent.api.Json;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty itself refuses, before any route: problems like all others, with nothing of its own.
 */
final class PlainErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    int status = response.getStatus();
    Refusal refusal = new Refusal(code(status), "the request is not acceptable HTTP");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.CONTENT_TYPE);
    SecurityHeaders.ALL.forEach((name, value) -> response.getHeaders().put(name, value));
    byte[] body = Json.STRICT.writeValueAsBytes(Problems.of(refusal));
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static ErrorCode code(int status) {
    return switch (status) {
      case 404 -> ErrorCode.NOT_FOUND;
      case 413, 414, 431 -> ErrorCode.TOO_LARGE;
      case 503 -> ErrorCode.UNAVAILABLE;
      default -> status >= 500 ? ErrorCode.INTERNAL : ErrorCode.BAD_REQUEST;
    };
  }
}
