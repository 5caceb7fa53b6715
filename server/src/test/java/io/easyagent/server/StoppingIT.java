package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.Role;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is asked to end lets what it has begun end first. */
class StoppingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void anAnswerIsWrittenToItsEndAlthoughItsHandlerIsLongDone() throws Exception {
    try (RestServer server = new RestServer(folder);
        SSLSocket reader = (SSLSocket) server.clientTls.getSocketFactory().createSocket();
        HttpClient other = HttpClient.newBuilder().sslContext(server.clientTls).build()) {
      String token = server.token("reader", Role.VIEWER, false);
      reader.setReceiveBufferSize(4 << 10);
      reader.connect(new InetSocketAddress("127.0.0.1", server.uri("/").getPort()));
      reader.setSoTimeout((int) PATIENCE.toMillis());
      reader
          .getOutputStream()
          .write(
              ("GET /api/v2/large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                      + "Authorization: Bearer "
                      + token
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream answer = reader.getInputStream();
      assertEquals("HTTP/1.1 200", new String(answer.readNBytes(12), StandardCharsets.US_ASCII));

      HttpRequest request =
          HttpRequest.newBuilder(server.uri("/api/v2/version"))
              .header("Authorization", "Bearer " + token)
              .build();
      Thread stopping = Thread.ofVirtual().start(() -> server.stop(PATIENCE));
      Eventually.await(PATIENCE, "nothing new is begun", () -> isRefused(other, request));

      long read = answer.transferTo(OutputStream.nullOutputStream());
      assertTrue(read > RestServer.LARGE, "bytes read: " + read);
      assertTrue(stopping.join(PATIENCE), "it ends once the answer is read");
    }
  }

  private static boolean isRefused(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 503;
    } catch (ConnectException stopped) {
      return true;
    } catch (IOException cut) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
