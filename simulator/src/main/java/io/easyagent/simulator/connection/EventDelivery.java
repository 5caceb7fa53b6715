package io.easyagent.simulator.connection;

import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.NumberedEvent;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes the batches of events of one host on their way, as its delivery asks for. Thread-safe.
 */
final class EventDelivery implements ClientInterceptor {
  private volatile Delivery delivery = Delivery.IN_ORDER;

  void deliver(Delivery next) {
    delivery = next;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    if (delivery == Delivery.IN_ORDER) {
      return call;
    }
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void sendMessage(Q message) {
        if (message instanceof EventBatch batch) {
          @SuppressWarnings("unchecked") // The same class as the message that it replaces.
          Q changed = (Q) changed(batch, delivery);
          super.sendMessage(changed);
        } else {
          super.sendMessage(message);
        }
      }
    };
  }

  static EventBatch changed(EventBatch batch, Delivery delivery) {
    return switch (delivery) {
      case IN_ORDER -> batch;
      case DUPLICATED -> {
        List<NumberedEvent> twice = new ArrayList<>(batch.getEventsList());
        twice.addAll(batch.getEventsList());
        yield batch.toBuilder().clearEvents().addAllEvents(twice).build();
      }
      case REORDERED ->
          batch.toBuilder().clearEvents().addAllEvents(batch.getEventsList().reversed()).build();
    };
  }
}
