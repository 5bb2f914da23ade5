package org.etascope.prometheus;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * What all clients hold together, and its bounds: connections, bytes of answers under way, and time. Where a bound is
 * reached, the one that has waited longest makes way for the one that comes, so that a crowd of slow ones never keeps a
 * scraper out.
 *
 * <p>An idle timeout alone lets a client live for ever on one byte a second. Here the clock starts when a connection
 * opens, TLS handshake included, and starts again only when an answer has gone out whole; so slow senders, slow readers
 * and connections kept open for nothing all end alike. A few that have been given metrics may stay until their next
 * scrape, since scrapers are told apart by them.
 *
 * <p>One look at all connections each second, rather than a timer for each request: an answer costs a note of the time.
 * Any thread may call.
 */
final class Clients extends AbstractLifeCycle implements Connection.Listener {
    /** Why a connection was closed: the values of the label {@code reason}. */
    static final List<String> REASONS = List.of("connections", "bytes", "timeout");

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration LONGEST_KEPT = Duration.ofMinutes(2);
    private static final int MOST_KEPT = 32;

    private final Scheduler scheduler;
    private final int mostConnections;
    private final long mostBytes;
    private final Duration longest;
    private final Consumer<String> rejected;

    private final Map<EndPoint, Client> clients = new HashMap<>(); // guarded by this, as is all below
    /** How many are being given each answer. The same text for all is held once. */
    private final IdentityHashMap<ByteBuffer, Integer> given = new IdentityHashMap<>();

    private long givenBytes;
    private int kept;

    private static final class Client {
        final EndPoint socket;
        long sinceNanos = System.nanoTime();
        boolean answered;
        boolean kept;

        @Nullable
        ByteBuffer given;

        Client(EndPoint socket) {
            this.socket = socket;
        }
    }

    /**
     * No client yet.
     *
     * @param scheduler looks at the connections
     * @param mostConnections how many may be open
     * @param mostBytes of answers that are being sent; one that is larger goes out alone
     * @param longest from the opening of a connection, or from its last answer, to its next answer
     * @param rejected is told the reason whenever a connection is closed
     */
    Clients(Scheduler scheduler, int mostConnections, long mostBytes, Duration longest, Consumer<String> rejected) {
        this.scheduler = scheduler;
        this.mostConnections = mostConnections;
        this.mostBytes = mostBytes;
        this.longest = longest;
        this.rejected = rejected;
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    /** {@return how many connections are open} */
    synchronized int connections() {
        return clients.size();
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint socket = connection.getEndPoint();
        // With TLS two connections open, one inside the other: the outer one has the socket.
        if (socket instanceof EndPoint.Wrapper) {
            return;
        }
        Client out = null;
        synchronized (this) {
            if (clients.size() >= mostConnections) {
                out = longestWaiting(client -> !client.kept);
                forget(out);
            }
            clients.put(socket, new Client(socket));
        }
        close(out, "connections");
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        forget(clients.get(connection.getEndPoint()));
    }

    /** To be called with each answer before it is sent: one that goes out whole earns its connection another turn. */
    void gives(Request request, ByteBuffer answer) {
        List<Client> out = new ArrayList<>();
        synchronized (this) {
            Client client = clients.get(
                    socket(request.getConnectionMetaData().getConnection().getEndPoint()));
            if (client == null) {
                return; // It has been closed already.
            }
            client.given = answer;
            if (given.merge(answer, 1, Integer::sum) == 1) {
                givenBytes += answer.capacity();
            }
            while (givenBytes > mostBytes) {
                Client slow = longestWaiting(one -> one.given != null && one != client);
                if (slow == null) {
                    break;
                }
                forget(slow);
                out.add(slow);
            }
            Request.addCompletionListener(request, failure -> delivered(client, failure == null));
        }
        out.forEach(slow -> close(slow, "bytes"));
    }

    private synchronized void delivered(Client client, boolean whole) {
        takeBack(client);
        if (whole) {
            client.answered = true;
            client.sinceNanos = System.nanoTime();
        }
    }

    private void takeBack(Client client) {
        ByteBuffer answer = client.given;
        client.given = null;
        if (answer != null && given.merge(answer, -1, (count, one) -> count > 1 ? count - 1 : null) == null) {
            givenBytes -= answer.capacity();
        }
    }

    private void forget(@Nullable Client client) {
        if (client != null && clients.remove(client.socket) != null) {
            kept -= client.kept ? 1 : 0;
            takeBack(client);
        }
    }

    private @Nullable Client longestWaiting(Predicate<Client> among) {
        long now = System.nanoTime();
        return clients.values().stream()
                .filter(among)
                .max(Comparator.comparingLong(client -> now - client.sinceNanos))
                .orElse(null);
    }

    /** Lets a connection stay open until its next scrape, unless so many do already. */
    synchronized void keep(EndPoint connection) {
        Client client = clients.get(socket(connection));
        if (client != null && (client.kept || kept < MOST_KEPT)) {
            kept += client.kept ? 0 : 1;
            client.kept = true;
            connection.setIdleTimeout(LONGEST_KEPT.toMillis());
            client.socket.setIdleTimeout(LONGEST_KEPT.toMillis());
        }
    }

    private Duration longest(Client client) {
        return client.kept ? LONGEST_KEPT : longest;
    }

    private void lookLater() {
        scheduler.schedule(this::look, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!isRunning()) {
            return;
        }
        long now = System.nanoTime();
        List<Client> out;
        synchronized (this) {
            out = clients.values().stream()
                    .filter(client -> now - client.sinceNanos >= longest(client).toNanos())
                    .toList();
            out.forEach(this::forget);
        }
        // Who has been answered and asks for nothing more has not been rejected.
        out.forEach(client -> close(client, client.answered && client.given == null ? null : "timeout"));
        lookLater();
    }

    /** Not under the lock: it makes the connection's own callbacks run. */
    private void close(@Nullable Client client, @Nullable String reason) {
        if (client != null) {
            client.socket.close(new EofException("closed by the bounds of this server"));
            if (reason != null) {
                rejected.accept(reason);
            }
        }
    }

    private static EndPoint socket(EndPoint endPoint) {
        return endPoint instanceof EndPoint.Wrapper wrapper ? socket(wrapper.unwrap()) : endPoint;
    }
}
