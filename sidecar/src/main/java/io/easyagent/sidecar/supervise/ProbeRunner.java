package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Probe;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Asks over the network whether a process is well: this host's own addresses only. */
final class ProbeRunner {
  private static final int READ_MOST = 1024;

  private final LongSupplier nanoTime;

  ProbeRunner(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Blocks until the answer or the timeout.
   *
   * @return why it is not well; empty when it is
   */
  Optional<String> run(Probe.Http probe, Duration timeout) {
    URI url = probe.url();
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      return Optional.of("url: " + url + " (expected: http://HOST:PORT/PATH)");
    }
    int port = url.getPort() < 0 ? 80 : url.getPort();
    Deadline deadline = new Deadline(timeout);
    try (Socket socket = connect(url.getHost(), port, deadline)) {
      OutputStream out = socket.getOutputStream();
      out.write(request(url, port).getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return judge(readStart(socket, deadline));
    } catch (IOException failure) {
      return Optional.of(reason(failure));
    }
  }

  /** As for HTTP; well once the connection is accepted. */
  Optional<String> run(Probe.Tcp probe, Duration timeout) {
    try (Socket socket = connect(probe.host(), probe.port(), new Deadline(timeout))) {
      return socket.isConnected() ? Optional.empty() : Optional.of("not connected");
    } catch (IOException failure) {
      return Optional.of(reason(failure));
    }
  }

  private final class Deadline {
    private final long end;

    Deadline(Duration timeout) {
      end = nanoTime.getAsLong() + timeout.toNanos();
    }

    int requireMillisLeft() throws IOException {
      long left = (end - nanoTime.getAsLong()) / 1_000_000;
      if (left <= 0) {
        throw new IOException("timed out");
      }
      return (int) Math.min(left, Integer.MAX_VALUE);
    }
  }

  private static Socket connect(String host, int port, Deadline deadline) throws IOException {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    InetAddress address = InetAddress.getByName(bare);
    if (!isOwn(address)) {
      throw new IOException(host + " (expected: an address of this host)");
    }
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, port), deadline.requireMillisLeft());
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  private static boolean isOwn(InetAddress address) throws IOException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }

  private static String request(URI url, int port) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return "GET "
        + path
        + query
        + " HTTP/1.1\r\nHost: "
        + url.getHost()
        + ":"
        + port
        + "\r\nUser-Agent: easyagent-sidecar\r\nAccept: */*\r\nConnection: close\r\n\r\n";
  }

  /** The answer's first line, or what there is of it in the bytes that are read at most. */
  private static String readStart(Socket socket, Deadline deadline) throws IOException {
    byte[] bytes = new byte[READ_MOST];
    int length = 0;
    while (length < READ_MOST) {
      socket.setSoTimeout(deadline.requireMillisLeft());
      int read = socket.getInputStream().read(bytes, length, READ_MOST - length);
      if (read < 0) {
        break;
      }
      length += read;
      String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      int lineEnd = text.indexOf('\n');
      if (lineEnd >= 0) {
        return text.substring(0, lineEnd).strip();
      }
    }
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).strip();
  }

  private static Optional<String> judge(String statusLine) {
    if (statusLine.matches("HTTP/1\\.[01] 2[0-9][0-9]( .*)?")) {
      return Optional.empty();
    }
    return Optional.of(
        statusLine.startsWith("HTTP/")
            ? "answered " + LastOutput.clean(statusLine.substring(statusLine.indexOf(' ') + 1))
            : "no HTTP answer");
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case java.net.SocketTimeoutException timeout -> "timed out";
      case java.net.ConnectException refused -> "connection refused";
      case java.net.UnknownHostException unknown -> "unknown host " + unknown.getMessage();
      default -> Failures.reason(failure);
    };
  }
}
