package io.easyagent.cli.access;

import io.easyagent.api.Token;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Remembers a server, its CA and a token, once all three have proved right. */
@Command(
    name = "login",
    description = "remember a server and a token, once the server has accepted it",
    footer = {
      "",
      "The CA is pinned: by its certificate, or by the fingerprint that the server printed when it was"
          + " set up.",
      "",
      "  easyagent login --server https://fleet.example.com:8889 --fingerprint 3f… --token-file token"
    })
public final class LoginCommand implements Callable<Integer> {
  private static final int LARGEST_CA = 128 * 1024;
  private static final int LARGEST_TOKEN = 4096;
  private static final int PEM_LINE = 64;

  private final Session session;

  @Option(
      names = "--server",
      required = true,
      paramLabel = "URL",
      description = "https://HOST:8889")
  private String server = "";

  @Option(names = "--ca-file", paramLabel = "FILE", description = "the CA's certificate, PEM")
  private @Nullable String caFile;

  @Option(
      names = "--fingerprint",
      paramLabel = "HEX",
      description = "SHA-256 of the CA's certificate")
  private @Nullable String fingerprint;

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description = "holds the token; - is standard input")
  private String tokenFile = "";

  public LoginCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    ServerConnection connection = connection();
    ConfigurationFile file = session.configurationFile();
    try (EasyAgentClient client = session.connect(connection)) {
      Token token = client.whoami();
      ServerTrust.Authority authority = client.trustedAuthority().orElseThrow();
      file.write(
          new Configuration(connection.server(), pem(authority), connection.token().orElseThrow()));
      session.show(
          token,
          () ->
              session
                  .console()
                  .print(
                      "logged in to "
                          + connection.server()
                          + " as "
                          + token.name()
                          + " ("
                          + TokenCommands.rights(token)
                          + ", until "
                          + Figures.fullTime(token.expiresAt(), session.zone())
                          + ")"));
      session.console().note("written to " + file.path());
      return ExitStatus.DONE;
    }
  }

  private ServerConnection connection() {
    if ((caFile == null) == (fingerprint == null)) {
      throw CommandException.usage("expected: one of --ca-file and --fingerprint");
    }
    String token = Inputs.text(session, "--token-file", tokenFile, LARGEST_TOKEN).strip();
    if (token.isEmpty()) {
      throw CommandException.usage("--token-file: " + tokenFile + " is empty");
    }
    try {
      return new ServerConnection(URI.create(server), trust(), Optional.of(token));
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }

  private ServerTrust trust() {
    return fingerprint != null
        ? ServerTrust.Fingerprint.parse(fingerprint)
        : authority(String.valueOf(caFile));
  }

  private ServerTrust authority(String file) {
    String pem = Inputs.text(session, "--ca-file", file, LARGEST_CA);
    try {
      return ServerTrust.Authority.parse(pem);
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage("--ca-file: " + file + ": " + wrong.getMessage());
    }
  }

  private static String pem(ServerTrust.Authority authority) {
    Base64.Encoder encoder = Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'});
    StringBuilder pem = new StringBuilder();
    try {
      for (X509Certificate certificate : authority.certificates()) {
        pem.append("-----BEGIN CERTIFICATE-----\n")
            .append(encoder.encodeToString(certificate.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      }
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("a certificate that was read can be written", impossible);
    }
    return pem.toString();
  }
}
