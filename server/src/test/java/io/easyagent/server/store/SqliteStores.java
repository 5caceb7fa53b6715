package io.easyagent.server.store;

import io.easyagent.server.access.AuditStore;
import io.easyagent.server.access.CertificateStore;
import io.easyagent.server.access.EnrollTokenStore;
import io.easyagent.server.access.OperatorTokenStore;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.access.store.SqlCertificates;
import io.easyagent.server.access.store.SqlEnrollTokens;
import io.easyagent.server.access.store.SqlOperatorTokens;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.agent.store.SqlAgents;
import io.easyagent.server.artifact.PackageTable;
import io.easyagent.server.artifact.store.SqlPackages;
import io.easyagent.server.fleet.CopyStore;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.fleet.store.SqlCopies;
import io.easyagent.server.fleet.store.SqlHosts;
import io.easyagent.server.fleet.store.SqlSessions;
import io.easyagent.server.operation.OperationStore;
import io.easyagent.server.operation.RetentionStore;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.operation.store.SqlRetention;
import io.easyagent.server.telemetry.EventStore;
import io.easyagent.server.telemetry.store.SqlEvents;
import java.nio.file.Path;

/** The stores on the embedded database. */
public record SqliteStores(Database database) implements StoresUnderTest {
  /** A new database in the folder. */
  public static StoresUnderTest open(Path folder) {
    return new SqliteStores(Database.open(folder.resolve("server.db")));
  }

  @Override
  public Reader reader() {
    return database;
  }

  @Override
  public Writer writer() {
    return database.writer();
  }

  @Override
  public HostStore hosts() {
    return new SqlHosts();
  }

  @Override
  public SessionStore sessions() {
    return new SqlSessions();
  }

  @Override
  public CopyStore copies() {
    return new SqlCopies();
  }

  @Override
  public AgentStore agents() {
    return new SqlAgents();
  }

  @Override
  public OperationStore operations() {
    return new SqlOperations();
  }

  @Override
  public RetentionStore retention() {
    return new SqlRetention();
  }

  @Override
  public EnrollTokenStore enrollTokens() {
    return new SqlEnrollTokens();
  }

  @Override
  public CertificateStore certificates() {
    return new SqlCertificates();
  }

  @Override
  public OperatorTokenStore operatorTokens() {
    return new SqlOperatorTokens();
  }

  @Override
  public AuditStore audit() {
    return new SqlAudit();
  }

  @Override
  public PackageTable packages() {
    return new SqlPackages();
  }

  @Override
  public EventStore events() {
    return new SqlEvents();
  }

  @Override
  public void close() {
    database.close();
  }
}
