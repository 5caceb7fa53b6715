package io.easyagent.server.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Speaks TLS to a port of this machine and tells how it answers. Trusts everybody. */
public final class TlsProbe {
  private static final int ALERT = 21;

  private TlsProbe() {}

  /**
   * What a visit gave.
   *
   * @param handshakes how often the certificate was shown: 2, or 1 when the second connection
   *     resumed the first one's session
   */
  public record Visit(
      X509Certificate certificate, int handshakes, int bytesRead, String protocol) {}

  /**
   * The number of the alert that a client hello of an old version gets, -1 for any other answer.
   *
   * @param minor 1: TLS 1.0, 2: TLS 1.1, 3: TLS 1.2
   */
  public static int alertForTls(int port, int minor) throws IOException {
    byte[] ciphers = {(byte) 0xc0, 0x2b, (byte) 0xc0, 0x09, (byte) 0xc0, 0x13, 0, 0x2f};
    ByteBuffer hello = ByteBuffer.allocate(256);
    hello.put((byte) 3).put((byte) minor).put(new byte[32]).put((byte) 0);
    hello.putShort((short) ciphers.length).put(ciphers).put((byte) 1).put((byte) 0);
    int length = hello.position();
    ByteBuffer record = ByteBuffer.allocate(length + 9);
    record.put((byte) 22).put((byte) 3).put((byte) 1).putShort((short) (length + 4));
    record.put((byte) 1).put((byte) 0).putShort((short) length);
    record.put(hello.array(), 0, length);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(record.array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int type = in.readUnsignedByte();
      in.readShort();
      in.readShort();
      in.readUnsignedByte();
      return type == ALERT ? in.readUnsignedByte() : -1;
    }
  }

  /** Shakes hands as a client that speaks nothing newer than TLS 1.2. */
  public static void shakeHandsWithTls12(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(null, new TrustManager[] {new Everybody()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      var parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.2"});
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(10_000);
      socket.startHandshake();
    }
  }

  /**
   * Shakes hands with TLS 1.3, speaks HTTP, reads what comes within a moment, and does so again
   * with every ticket that it was given.
   */
  public static Visit visit(int port, String application) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    Everybody everybody = new Everybody();
    context.init(null, new TrustManager[] {everybody}, null);
    visit(context, everybody, port, application);
    return visit(context, everybody, port, application);
  }

  private static Visit visit(SSLContext context, Everybody everybody, int port, String application)
      throws Exception {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {application});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(500);
      socket.startHandshake();
      int read = speak(socket, application);
      return new Visit(
          (X509Certificate) socket.getSession().getPeerCertificates()[0],
          everybody.shown.get(),
          read,
          socket.getSession().getProtocol());
    }
  }

  private static int speak(SSLSocket socket, String application) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        application.equals("h2")
            ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
                .getBytes(StandardCharsets.ISO_8859_1)
            : "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    InputStream in = socket.getInputStream();
    int total = 0;
    try {
      byte[] buffer = new byte[4096];
      int read;
      while ((read = in.read(buffer)) >= 0) {
        total += read;
      }
    } catch (SocketTimeoutException quiet) {
      return total;
    }
    return total;
  }

  private static final class Everybody implements X509TrustManager {
    private final AtomicInteger shown = new AtomicInteger();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown.incrementAndGet();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
