package org.etascope.prometheus;

import io.prometheus.client.exporter.common.TextFormat;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.etascope.recording.PageResources;
import org.etascope.recording.Recording;
import org.etascope.recording.RunJson;
import org.etascope.recording.RunReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests: who may ask, then what is asked for. Read-only, and no thread ever waits for a client: an answer is
 * made in memory and sent as the client takes it. So the thread that finds a request also answers it, and wakes no other.
 */
final class Routes extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String METRICS = "/metrics";
    private static final String RUN = "/api/runs/";
    /** The same as without it: what is asked for stands in the query. */
    private static final String CHANGES = "/changes";

    /** The page brings all it needs: nothing from elsewhere, nothing inline, no frame around it. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /** Bytes already, since every answer carries them. */
    private static final List<HttpField> SECURITY = List.of(
            new PreEncodedHttpField("Content-Security-Policy", POLICY),
            new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
            new PreEncodedHttpField("X-Frame-Options", "DENY"),
            new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
            new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
            new PreEncodedHttpField("Cross-Origin-Opener-Policy", "same-origin"),
            new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store"));

    private final WatchedRuns runs;
    private final HostCheck hosts;
    private final @Nullable Credentials credentials;
    private final RequestDeadline deadline;
    private final Scrapers scrapers;
    private final PageResources page = new PageResources();
    private final AtomicBoolean faultLogged = new AtomicBoolean();

    Routes(EndpointSettings settings, WatchedRuns runs, RequestDeadline deadline, Scrapers scrapers) {
        this.runs = runs;
        this.hosts = new HostCheck(settings);
        this.credentials = settings.credentials();
        this.deadline = deadline;
        this.scrapers = scrapers;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        deadline.watch(request);
        send(answerOrFault(request), response, callback);
        return true;
    }

    private static void send(Answer answer, Response response, Callback callback) {
        ByteBuffer body = answer.body().duplicate();
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        secure(headers);
        headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        headers.put(HttpHeader.CONTENT_LENGTH, body.remaining());
        answer.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        response.write(true, body, callback);
    }

    private static void secure(HttpFields.Mutable headers) {
        SECURITY.forEach(headers::put);
    }

    /** What Jetty itself refuses, malformed requests above all, is answered in the same manner. */
    static boolean sendError(Request request, Response response, Callback callback) {
        String reason = "the request is not valid HTTP, or too large";
        send(Answer.refusal(response.getStatus(), reason), response, callback);
        return true;
    }

    // A fault of ours answers 500 and shows the client nothing of itself.
    private Answer answerOrFault(Request request) {
        try {
            return answer(request);
        } catch (RuntimeException | StackOverflowError e) {
            if (faultLogged.compareAndSet(false, true)) {
                LOG.warn("a request could not be answered; further ones like it are not logged", e);
            }
            return Answer.refusal(500, "this could not be answered; the log of the training process says why");
        }
    }

    private Answer answer(Request request) {
        HttpFields headers = request.getHeaders();
        if (credentials == null && !hosts.admit(request.getHttpURI().getHost())) {
            return Answer.refusal(
                    403,
                    "this name is not among the names of this server; use localhost, an IP address or a name that the"
                            + " endpoint was told with host(...) or etascope.hosts");
        }
        if (credentials != null && !credentials.admit(headers.get(HttpHeader.AUTHORIZATION))) {
            return Answer.refusal(401, "credentials are needed")
                    .with(HttpHeader.WWW_AUTHENTICATE.asString(), credentials.challenges());
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            return Answer.refusal(405, "only GET and HEAD").with("Allow", List.of("GET, HEAD"));
        }
        if (headers.contains(HttpHeader.TRANSFER_ENCODING) || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0) {
            return Answer.refusal(413, "a request must not have a body").with("Connection", List.of("close"));
        }
        String path = request.getHttpURI().getPath();
        Answer answer = route(request, path);
        // Metrics are one text for all who ask; what the page gets is its own, and is asked for all the time.
        return path.equals(METRICS) || !headers.contains(HttpHeader.ACCEPT_ENCODING, "gzip") ? answer : answer.gzip();
    }

    private Answer route(Request request, String path) {
        if (path.startsWith(RUN)) {
            String run = path.substring(RUN.length());
            return polled(request, run.endsWith(CHANGES) ? run.substring(0, run.length() - CHANGES.length()) : run);
        }
        return switch (path) {
            case METRICS -> metrics(request);
            case "/api/runs" -> runOrList(request);
            case "/-/healthy" -> Answer.of(Answer.TEXT, "Etascope is healthy.\n");
            case "/" -> file("index.html");
            default -> file(path.substring(1));
        };
    }

    private Answer metrics(Request request) {
        String contentType = TextFormat.chooseContentType(request.getHeaders().get(HttpHeader.ACCEPT));
        if (!request.getMethod().equals("GET")) {
            return Answer.of(contentType, runs.scrape(contentType).bytes());
        }
        EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
        Scrapers.Scraper scraper = scrapers.scrape(who(request), connection, connection::isOpen);
        ScrapeTexts.Text text = runs.scrape(contentType);
        whenDelivered(request, () -> {
            scrapers.shown(scraper, text.ends());
            deadline.keep(connection);
        });
        return Answer.of(contentType, text.bytes());
    }

    private static String who(Request request) {
        return Request.getRemoteAddr(request) + " " + request.getHeaders().get(HttpHeader.USER_AGENT);
    }

    private static void whenDelivered(Request request, Runnable action) {
        Request.addCompletionListener(request, failure -> {
            if (failure == null) {
                action.run();
            }
        });
    }

    /** {@code ?run=NAME} names a run as the path does, for those that no browser can put there: "." and "..". */
    private Answer runOrList(Request request) {
        String run = query(request, "run");
        return run == null ? Answer.of(Answer.JSON, RunJson.list(runs.snapshots())) : polled(request, run);
    }

    /** {@return what stands behind a name in the query, still encoded, null if the name is not there} */
    private static @Nullable String query(Request request, String name) {
        String query = request.getHttpURI().getQuery();
        return query == null
                ? null
                : Stream.of(query.split("&"))
                        .filter(part -> part.startsWith(name + "="))
                        .map(part -> part.substring(name.length() + 1))
                        .findFirst()
                        .orElse(null);
    }

    /** What the live page asks for every other second. */
    private Answer polled(Request request, String encodedName) {
        long ends = runs.ends();
        Scrapers.Scraper page = scrapers.poll(who(request));
        whenDelivered(request, () -> scrapers.shown(page, ends));
        return run(request, encodedName);
    }

    private Answer run(Request request, String encodedName) {
        // Neither in a path nor here a plus is a space.
        Optional<WatchedRun> found;
        try {
            found = runs.find(URLDecoder.decode(encodedName.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // A percent sign that encodes nothing.
            found = Optional.empty();
        }
        return found.map(run -> told(request, run.recording()))
                .orElseGet(() -> Answer.refusal(404, "there is no such run; /api/runs lists them"));
    }

    /** All of a run; what has changed {@code &since=VERSION}; or {@code &as=report}, its report. */
    private static Answer told(Request request, Recording run) {
        double now = System.currentTimeMillis() / 1e3;
        if ("report".equals(query(request, "as"))) {
            return Answer.of("text/html; charset=utf-8", RunReport.html(run))
                    .with("Content-Disposition", List.of("attachment"));
        }
        String since = query(request, "since");
        if (since == null) {
            return Answer.of(Answer.JSON, RunJson.run(run, now));
        }
        String changes = RunJson.changes(run, now, since);
        return changes == null ? Answer.of(Answer.JSON, "").as(204) : Answer.of(Answer.JSON, changes);
    }

    private Answer file(String name) {
        return page.find(name)
                .map(file -> Answer.of(file.contentType(), file.body()))
                .orElseGet(() -> Answer.refusal(404, "not found; there are /, /metrics, /api/runs and /-/healthy"));
    }
}
