package org.etascope.prometheus;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes a connection that has not had an answer delivered for too long, whatever it does meanwhile.
 *
 * <p>An idle timeout alone lets a client live for ever on one byte a second. Here the clock starts when a connection
 * opens, TLS handshake included, and starts again only when an answer has gone out whole; so slow senders, slow readers
 * and connections kept open for nothing all end alike.
 */
final class RequestDeadline implements Connection.Listener {
    private final Scheduler scheduler;
    private final Duration longest;
    private final Map<EndPoint, Scheduler.Task> clocks = new ConcurrentHashMap<>();

    RequestDeadline(Scheduler scheduler, Duration longest) {
        this.scheduler = scheduler;
        this.longest = longest;
    }

    @Override
    public void onOpened(Connection connection) {
        // With TLS two connections open, one inside the other: the outer one has the socket.
        if (!(connection.getEndPoint() instanceof EndPoint.Wrapper)) {
            start(connection.getEndPoint());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        Scheduler.Task clock = clocks.remove(connection.getEndPoint());
        if (clock != null) {
            clock.cancel();
        }
    }

    /** To be called with each request: an answer that went out whole earns its connection another turn. */
    void watch(Request request) {
        EndPoint socket = socket(request.getConnectionMetaData().getConnection().getEndPoint());
        Request.addCompletionListener(request, failure -> {
            if (failure == null) {
                clocks.computeIfPresent(socket, (same, clock) -> {
                    clock.cancel();
                    return schedule(same);
                });
            }
        });
    }

    private void start(EndPoint socket) {
        clocks.put(socket, schedule(socket));
    }

    private Scheduler.Task schedule(EndPoint socket) {
        return scheduler.schedule(
                () -> socket.close(new TimeoutException("no answer delivered within " + longest)),
                longest.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static EndPoint socket(EndPoint endPoint) {
        return endPoint instanceof EndPoint.Wrapper wrapper ? socket(wrapper.unwrap()) : endPoint;
    }
}
