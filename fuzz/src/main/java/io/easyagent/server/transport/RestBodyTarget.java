package io.easyagent.server.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.api.ApplyRequest;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.LabelChange;
import io.easyagent.api.TokenRequest;
import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.server.problem.RefusedException;
import java.util.Arrays;
import java.util.List;

/** Bodies of requests; the first byte chooses which. */
public final class RestBodyTarget implements FuzzTarget {
  private static final List<Class<?>> BODIES =
      List.of(
          BatchRequest.class,
          ApplyRequest.class,
          EnrollTokenRequest.class,
          LabelChange.class,
          TokenRequest.class);

  @Override
  public List<byte[]> seeds() {
    return List.of(
        """
        0{"command":{"kind":"exec","command":["uptime"],"environment":{"A":"b"}},
         "targets":{"selector":"role=web"},"timeout":"2m"}\
        """
            .getBytes(UTF_8),
        "1{\"definition\":\"name: a\",\"targets\":{\"all\":true},\"dryRun\":true}".getBytes(UTF_8),
        "2{\"labels\":{\"role\":\"web\"},\"uses\":3,\"lifetime\":\"1h\",\"networks\":[\"10.0.0.0/8\"]}"
            .getBytes(UTF_8),
        "3{\"set\":{\"role\":\"web\"},\"remove\":[\"zone\"]}".getBytes(UTF_8),
        "4{\"name\":\"anna\",\"role\":\"operator\",\"exec\":true,\"lifetime\":\"30d\"}"
            .getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    if (input.length == 0) {
      return;
    }
    Class<?> body = BODIES.get((input[0] & 0xff) % BODIES.size());
    try {
      JsonBody.read(Arrays.copyOfRange(input, 1, input.length), body);
    } catch (RefusedException refused) {
      String message = refused.refusal().message();
      FuzzTarget.must(message.length() < 4_096, "a message of " + message.length());
      FuzzTarget.must(
          message.chars().noneMatch(each -> Character.isISOControl(each)),
          "a control character in: " + message);
    }
  }
}
