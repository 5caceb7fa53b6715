package io.easyagent.server.store;

import io.easyagent.server.access.AuditStore;
import io.easyagent.server.access.CertificateStore;
import io.easyagent.server.access.EnrollTokenStore;
import io.easyagent.server.access.OperatorTokenStore;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.artifact.PackageTable;
import io.easyagent.server.fleet.CopyStore;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.operation.OperationStore;
import io.easyagent.server.operation.RetentionStore;
import io.easyagent.server.telemetry.EventStore;

/**
 * One database with every store on it, empty at first. Each database that the server runs on has an
 * implementation, and each contract runs on every one of them.
 */
public interface StoresUnderTest extends AutoCloseable {
  Reader reader();

  Writer writer();

  HostStore hosts();

  SessionStore sessions();

  CopyStore copies();

  AgentStore agents();

  OperationStore operations();

  RetentionStore retention();

  EnrollTokenStore enrollTokens();

  CertificateStore certificates();

  OperatorTokenStore operatorTokens();

  AuditStore audit();

  PackageTable packages();

  EventStore events();

  @Override
  void close();
}
