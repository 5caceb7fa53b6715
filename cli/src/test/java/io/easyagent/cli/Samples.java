package io.easyagent.cli;

/** Resources as the server writes them. */
final class Samples {
  static final String BATCH_ID = "9f3c1111-0000-4000-8000-000000000001";
  static final String WEB = "77b0d1f2-0000-4000-8000-000000000001";
  static final String DB = "91aa02c4-0000-4000-8000-000000000002";

  private Samples() {}

  static String page(int total, String... items) {
    return "{\"items\":[" + String.join(",", items) + "],\"total\":" + total + "}";
  }

  static String webHost() {
    return """
    {"id":"%s","name":"web-0002","status":"online","statusSince":"2026-01-01T09:00:00Z",
     "labels":{"role":"web","env":"a"},"facts":{"os":"debian","osVersion":"12"},
     "sidecarVersion":"1.0.0","agents":{"total":3,"asDesired":2,"certain":true},
     "conditions":["cgroup: memory controller missing"],
     "enrolledAt":"2025-12-01T08:00:00Z","lastSeen":"2026-01-01T10:13:58Z"}\
    """
        .formatted(WEB);
  }

  static String dbHost() {
    return """
    {"id":"%s","name":"db-0007","status":"offline","statusSince":"2026-01-01T07:02:00Z",
     "labels":{"role":"db"},"facts":{"os":"rhel","osVersion":"9"},"sidecarVersion":"1.0.0",
     "agents":{"total":1,"asDesired":1,"certain":false},
     "enrolledAt":"2025-12-01T08:00:00Z","lastSeen":"2026-01-01T07:02:00Z"}\
    """
        .formatted(DB);
  }

  static String agent() {
    return """
    {"id":"aaaa0000-0000-4000-8000-000000000001","hostId":"%s","hostName":"web-0002",
     "name":"filebeat","type":"service","desired":"running","state":"backing-off",
     "health":"none","revision":7,"reportedRevision":6,"version":"8.15.3","drift":true,
     "restarts":14,"since":"2026-01-01T10:12:00Z","cause":"exit 1",
     "nextStart":"2026-01-01T10:14:34Z","definition":{"name":"filebeat","user":"beats"}}\
    """
        .formatted(WEB);
  }

  /** That runs, and has reported what it uses; a sidecar of before knows two of these figures. */
  static String busyAgent(String name, double cpu, long memory, String more) {
    return agent()
        .replace("filebeat", name)
        .replace("\"backing-off\"", "\"running\"")
        .replace(
            "\"restarts\"",
            "\"metrics\":{\"cpu\":%s,\"memory\":%d%s},\"restarts\"".formatted(cpu, memory, more));
  }

  static String waitingAgent(String name, String cause, String next) {
    return agent()
        .replace("filebeat", name)
        .replace("\"service\"", "\"scheduled\"")
        .replace("\"backing-off\"", "\"waiting\"")
        .replace("\"restarts\":14", "\"restarts\":0")
        .replace("exit 1", cause)
        .replace("2026-01-01T10:14:34Z", next);
  }

  static final String MORE_FIGURES =
      ",\"processes\":3,\"threads\":41,\"openFiles\":1204,\"diskRead\":4096,"
          + "\"diskWritten\":2147483648,\"uptime\":11520.4";

  static String batch(int total, String counts, int offline, boolean finished) {
    return batch("restart", total, counts, offline, finished);
  }

  static String batch(String kind, int total, String counts, int offline, boolean finished) {
    return """
    {"id":"%s","kind":"%s"%s,"target":"-l role=web","createdBy":"anna",\
    "createdAt":"2026-01-01T10:02:11Z","deadline":"2026-01-01T10:17:11Z","total":%d,\
    "counts":{%s},"offline":%d,"finished":%s}\
    """
        .formatted(
            BATCH_ID,
            kind,
            kind.equals("restart") ? ",\"agent\":\"filebeat\"" : "",
            total,
            counts,
            offline,
            finished);
  }

  static String operation(int number, String kind, String host, String state, String more) {
    return """
    {"id":"0bbb%04d-0000-4000-8000-000000000001","batchId":"%s","kind":"%s","hostId":"%s",\
    "hostName":"%s"%s,"state":"%s","createdAt":"2026-01-01T10:02:11Z",\
    "deadline":"2026-01-01T10:17:11Z","startedAt":"2026-01-01T10:02:12Z",\
    "finishedAt":"2026-01-01T10:02:15Z"%s}\
    """
        .formatted(
            number,
            BATCH_ID,
            kind,
            WEB,
            host,
            kind.equals("exec") ? "" : ",\"agent\":\"filebeat\"",
            state,
            more);
  }

  static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data.replace("\n", "\ndata: ") + "\n\n";
  }

  static String problem(int status, String code, String detail) {
    return """
    {"type":"about:blank","title":"T","status":%d,"detail":"%s","code":"%s","retryable":false,
     "errors":[]}\
    """
        .formatted(status, detail, code);
  }
}
