package io.easyagent.simulator.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.NumberedEvent;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventDeliveryTest {

  @ParameterizedTest
  @CsvSource({"IN_ORDER, 1 2 3", "DUPLICATED, 1 2 3 1 2 3", "REORDERED, 3 2 1"})
  void aBatchIsChangedAsAsked(Delivery delivery, String numbers) {
    EventBatch.Builder batch = EventBatch.newBuilder();
    List.of(1L, 2L, 3L)
        .forEach(number -> batch.addEvents(NumberedEvent.newBuilder().setNumber(number)));
    EventBatch changed = EventDelivery.changed(batch.build(), delivery);
    assertEquals(
        List.of(numbers.split(" ")),
        changed.getEventsList().stream().map(event -> Long.toString(event.getNumber())).toList());
  }
}
