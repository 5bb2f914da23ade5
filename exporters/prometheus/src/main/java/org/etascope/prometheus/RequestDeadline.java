package org.etascope.prometheus;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes a connection that has not had an answer delivered for too long, whatever it does meanwhile. A few that have been
 * given metrics may stay until their next scrape, since scrapers are told apart by them.
 *
 * <p>An idle timeout alone lets a client live for ever on one byte a second. Here the clock starts when a connection
 * opens, TLS handshake included, and starts again only when an answer has gone out whole; so slow senders, slow readers
 * and connections kept open for nothing all end alike.
 *
 * <p>One look at all connections each second, rather than a timer for each request: an answer costs a note of the time.
 */
final class RequestDeadline extends AbstractLifeCycle implements Connection.Listener {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration LONGEST_KEPT = Duration.ofMinutes(2);
    private static final int MOST_KEPT = 32;

    private final Scheduler scheduler;
    private final Duration longest;
    private final Map<EndPoint, Long> startedNanos = new ConcurrentHashMap<>();
    private final Set<EndPoint> kept = ConcurrentHashMap.newKeySet();

    RequestDeadline(Scheduler scheduler, Duration longest) {
        this.scheduler = scheduler;
        this.longest = longest;
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    @Override
    public void onOpened(Connection connection) {
        // With TLS two connections open, one inside the other: the outer one has the socket.
        if (!(connection.getEndPoint() instanceof EndPoint.Wrapper)) {
            startedNanos.put(connection.getEndPoint(), System.nanoTime());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        startedNanos.remove(connection.getEndPoint());
        kept.remove(connection.getEndPoint());
    }

    /** To be called with each request: an answer that went out whole earns its connection another turn. */
    void watch(Request request) {
        EndPoint socket = socket(request.getConnectionMetaData().getConnection().getEndPoint());
        Request.addCompletionListener(request, failure -> {
            if (failure == null) {
                startedNanos.replace(socket, System.nanoTime());
            }
        });
    }

    /** Lets a connection stay open until its next scrape, unless so many do already. */
    void keep(EndPoint connection) {
        EndPoint socket = socket(connection);
        if (startedNanos.containsKey(socket) && (kept.contains(socket) || kept.size() < MOST_KEPT)) {
            kept.add(socket);
            connection.setIdleTimeout(LONGEST_KEPT.toMillis());
            socket.setIdleTimeout(LONGEST_KEPT.toMillis());
        }
    }

    private Duration longest(EndPoint socket) {
        return kept.contains(socket) ? LONGEST_KEPT : longest;
    }

    private void lookLater() {
        scheduler.schedule(this::look, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!isRunning()) {
            return;
        }
        long now = System.nanoTime();
        startedNanos.forEach((socket, started) -> {
            if (now - started >= longest(socket).toNanos()) {
                socket.close(new TimeoutException("no answer delivered within " + longest(socket)));
            }
        });
        lookLater();
    }

    private static EndPoint socket(EndPoint endPoint) {
        return endPoint instanceof EndPoint.Wrapper wrapper ? socket(wrapper.unwrap()) : endPoint;
    }
}
