package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Probe;
import io.easyagent.sidecar.supervise.ProbeAnswer.NotAsked;
import io.easyagent.sidecar.supervise.ProbeAnswer.NotWell;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Asks over the network whether a process is well: this host's own addresses only, without a proxy,
 * without following a redirect, and reading no more than it takes.
 */
final class ProbeRunner {
  private static final int READ_MOST = 1024;

  private final LongSupplier nanoTime;
  private final ProbedAddress addresses;
  private final HostRules rules;

  ProbeRunner(LongSupplier nanoTime, ProbedAddress addresses, HostRules rules) {
    this.nanoTime = nanoTime;
    this.addresses = addresses;
    this.rules = rules;
  }

  /** Blocks until the answer or the timeout. */
  ProbeAnswer run(Probe.Http probe, Duration timeout) {
    URI url = probe.url();
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      return new NotWell("url: " + url + " (expected: http://HOST:PORT/PATH)");
    }
    int port = url.getPort() < 0 ? 80 : url.getPort();
    return ask(
        url.getHost(),
        port,
        timeout,
        (socket, deadline) -> {
          OutputStream out = socket.getOutputStream();
          out.write(request(url, port).getBytes(StandardCharsets.US_ASCII));
          out.flush();
          return judge(readStart(socket, deadline));
        });
  }

  /** As for HTTP; well once the connection is accepted. */
  ProbeAnswer run(Probe.Tcp probe, Duration timeout) {
    return ask(probe.host(), probe.port(), timeout, (socket, deadline) -> ProbeAnswer.WELL);
  }

  private interface Question {
    ProbeAnswer ask(Socket socket, Deadline deadline) throws IOException;
  }

  private ProbeAnswer ask(String host, int port, Duration timeout, Question question) {
    Deadline deadline = new Deadline(timeout);
    try {
      InetAddress address = addresses.require(host);
      if (!rules.allowsProbe(address)) {
        return new NotAsked(
            address.getHostAddress() + " (expected: an address that the host's policy allows)");
      }
      // A proxy of the run-time's settings would ask in our name wherever it likes.
      try (Socket socket = new Socket(Proxy.NO_PROXY)) {
        socket.connect(new InetSocketAddress(address, port), deadline.requireMillisLeft());
        return question.ask(socket, deadline);
      }
    } catch (IOException failure) {
      return isOurs(failure) ? new NotAsked(reason(failure)) : new NotWell(reason(failure));
    }
  }

  /** Whether it is for want of something that the asking side needs; the JDK has no type for it. */
  static boolean isOurs(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("Too many open files")
        || message.contains("No buffer space available")
        || message.contains("Cannot assign requested address")
        || message.contains("Cannot allocate memory");
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

  private static ProbeAnswer judge(String statusLine) {
    if (statusLine.matches("HTTP/1\\.[01] 2[0-9][0-9]( .*)?")) {
      return ProbeAnswer.WELL;
    }
    return new NotWell(
        statusLine.startsWith("HTTP/")
            ? "answered " + LastWords.of(statusLine.substring(statusLine.indexOf(' ') + 1))
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
