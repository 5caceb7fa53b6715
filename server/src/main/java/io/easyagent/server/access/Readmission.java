package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a machine whose certificate is good by its signature and its time, but does not
 * count: when this store never heard of it, as after a restore from a backup that is older than the
 * enrolment, the host is shown as pending and gets nothing until an operator approves it.
 */
public final class Readmission {
  private final HostCertificates certificates;
  private final HostStore hosts;
  private final Writer writer;
  private final InstantSource clock;

  public Readmission(
      HostCertificates certificates, HostStore hosts, Writer writer, InstantSource clock) {
    this.certificates = certificates;
    this.hosts = hosts;
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * Takes note of the machine. Waits for the store.
   *
   * @param authority fingerprint of the one that issued the certificate
   * @param end of the certificate
   * @param hostName as the machine says
   * @param machineId as the machine says
   * @param address where it is seen
   * @return what it is told
   */
  public Refusal present(
      HostCertificate certificate,
      String authority,
      Instant end,
      String hostName,
      String machineId,
      String address) {
    return writer.write(transaction ->
        certificates
            .find(transaction, certificate)
            .map(standing ->
                switch (standing) {
                  case REVOKED -> revoked(certificate.host());
                  case AWAITING, ISSUED -> awaits(certificate.host());
                })
            .orElseGet(() -> {
              certificates.addAwaiting(transaction, certificate, authority, end);
              await(transaction, certificate.host(), hostName, machineId, address);
              return awaits(certificate.host());
            }));
  }

  private void await(
      Transaction transaction, HostId host, String hostName, String machineId, String address) {
    Instant now = clock.instant();
    if (hosts.find(transaction, host).isEmpty()) {
      String name = HostText.word(hostName);
      hosts.insert(
          transaction,
          host,
          name.isEmpty() ? host.toString() : name,
          HostText.word(machineId),
          Map.of(),
          now);
    }
    hosts.awaitApproval(
        transaction,
        host,
        List.of(
            "it came from %s, machine %s, with a certificate that this server issued and does not"
                    .formatted(address, HostText.word(machineId))
                + " remember, as after a restore; if it is one of yours: easyagent host approve "
                + host),
        now);
  }

  private static Refusal awaits(HostId host) {
    return new Refusal(
        ErrorCode.CONFLICT,
        "host %s awaits an operator's approval: this server does not remember its certificate (easyagent host approve %s)"
            .formatted(host, host));
  }

  static Refusal revoked(HostId host) {
    return new Refusal(ErrorCode.FORBIDDEN, "the certificate of host " + host + " is revoked");
  }
}
