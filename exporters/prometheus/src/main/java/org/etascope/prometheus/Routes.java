package org.etascope.prometheus;

import io.prometheus.client.exporter.common.TextFormat;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.FormFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.etascope.recording.PageResources;
import org.etascope.recording.Recording;
import org.etascope.recording.RunJson;
import org.etascope.recording.RunReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests: who may ask, then what is asked for. Read-only (a sign-in changes nothing either), and no thread ever waits for a client: an answer is
 * made in memory and sent as the client takes it. So the thread that finds a request also answers it, and wakes no other.
 */
final class Routes extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String METRICS = "/metrics";
    private static final String RUNS = "/api/runs";
    private static final String RUN = RUNS + "/";
    private static final String HEALTHY = "/-/healthy";
    private static final String READY = "/-/ready";
    private static final String OTHER = "other";
    /** With the page's files, what a request is counted under; all else is one. */
    private static final Set<String> COUNTED = Set.of("/", METRICS, RUNS, HEALTHY, READY, SignIn.PATH);

    private static final int PIECE = 64 * 1024;
    private static final int MOST_FIELDS = 4;
    private static final int LARGEST_FORM = 4_096;
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
            new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding"),
            new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store"));

    private static final Answer NOTHING_NEW = Answer.of(Answer.JSON, "").as(204);
    /** Made before it is needed. */
    private static final Answer OUT_OF_MEMORY =
            Answer.refusal(503, "the training process is short of memory; the log says more");

    private final WatchedRuns runs;
    private final EndpointSettings settings;
    private final @Nullable Credentials credentials;
    private final @Nullable SignIn signIn;
    private final Clients clients;
    private final Scrapers scrapers;
    private final EndpointMeters meters;
    private final PageResources page = new PageResources();
    private final Map<Object, Answer> files = new ConcurrentHashMap<>();
    private final AtomicBoolean faultLogged = new AtomicBoolean();

    Routes(EndpointSettings settings, WatchedRuns runs, Clients clients, Scrapers scrapers, EndpointMeters meters) {
        this.runs = runs;
        this.settings = settings;
        this.credentials = settings.credentials();
        this.signIn = SignIn.of(credentials);
        this.clients = clients;
        this.scrapers = scrapers;
        this.meters = meters;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        SignIn form = signIn;
        if (form != null
                && request.getMethod().equals("POST")
                && SignIn.PATH.equals(request.getHttpURI().getPath())) {
            FormFields.onFields(
                    request,
                    StandardCharsets.UTF_8,
                    MOST_FIELDS,
                    LARGEST_FORM,
                    Promise.Invocable.from(InvocationType.NON_BLOCKING, (entered, failure) -> {
                        Answer answer = failure == null
                                ? answerOrFault(() -> form.enter(request, entered))
                                : Answer.refusal(400, "this is no sign-in form").with("Connection", List.of("close"));
                        send(answer, request, response, callback);
                    }));
        } else {
            send(answerOrFault(() -> answer(request)), request, response, callback);
        }
        return true;
    }

    private void send(Answer found, Request request, Response response, Callback callback) {
        Answer answer = found.unlessKnown(request.getHeaders());
        meters.answered(counted(request.getHttpURI().getPath()), answer.status());
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        SECURITY.forEach(headers::put);
        headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        if (answer.status() == 200 || answer.body().hasRemaining()) {
            headers.put(HttpHeader.CONTENT_LENGTH, answer.body().remaining());
        }
        answer.headers().forEach((name, values) -> headers.put(name, values));
        clients.gives(request, answer.body());
        Content.copy(pieces(answer.body()), response, callback);
    }

    /** A body piece by piece, since the system copies a piece before it takes it. */
    private static Content.Source pieces(ByteBuffer body) {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int at = 0; at < body.remaining(); at += PIECE) {
            pieces.add(body.slice(body.position() + at, Math.min(PIECE, body.remaining() - at)));
        }
        return Content.Source.from(pieces.toArray(ByteBuffer[]::new));
    }

    /** {@return the path as the label of a metric: one of a fixed list} */
    private String counted(@Nullable String path) {
        if (path == null) {
            return OTHER;
        }
        if (path.startsWith(RUN)) {
            return RUN + "{run}";
        }
        return COUNTED.contains(path)
                        || page.find(path.substring(Math.min(1, path.length()))).isPresent()
                ? path
                : OTHER;
    }

    /** What Jetty itself refuses, malformed requests above all, is answered in the same manner. */
    boolean sendError(Request request, Response response, Callback callback) {
        // Of a client that has gone in the middle of its request Jetty makes a fault of the server.
        int status =
                request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof EofException ? 400 : response.getStatus();
        String reason = "the request is not valid HTTP, or too large";
        send(Answer.refusal(status, reason), request, response, callback);
        return true;
    }

    // A fault of ours answers 500 and shows the client nothing of itself.
    private Answer answerOrFault(Supplier<Answer> made) {
        try {
            return made.get();
        } catch (RuntimeException | Error e) {
            if (e instanceof HttpException refused) {
                return Answer.refusal(refused.getCode(), "the request is not valid HTTP");
            }
            if (faultLogged.compareAndSet(false, true)) {
                LOG.warn("a request could not be answered; further ones like it are not logged", e);
            }
            return e instanceof OutOfMemoryError
                    ? OUT_OF_MEMORY
                    : Answer.refusal(500, "this could not be answered; the log of the training process says why");
        }
    }

    private Answer answer(Request request) {
        HttpFields headers = request.getHeaders();
        if (credentials == null && !settings.admits(request.getHttpURI().getHost())) {
            return Answer.refusal(
                    403,
                    "this name is not among the names of this server; use localhost, an IP address or a name that the"
                            + " endpoint was told with host(...) or etascope.hosts");
        }
        String path = request.getHttpURI().getPath();
        if (credentials != null
                && !credentials.admit(headers.get(HttpHeader.AUTHORIZATION))
                && (signIn == null || !signIn.admit(request))) {
            boolean form = signIn != null && (path.equals("/") || path.equals(SignIn.PATH)) && wantsPage(headers);
            return (form ? SignIn.form(401, "") : Answer.refusal(401, "credentials are needed"))
                    .with(HttpHeader.WWW_AUTHENTICATE.asString(), credentials.challenges());
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            return Answer.refusal(405, "only GET and HEAD").with("Allow", List.of("GET, HEAD"));
        }
        if (headers.contains(HttpHeader.TRANSFER_ENCODING) || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0) {
            return Answer.refusal(413, "a request must not have a body").with("Connection", List.of("close"));
        }
        return signIn != null && path.equals(SignIn.PATH) ? SignIn.form(200, "") : route(request, path);
    }

    private static boolean wantsPage(HttpFields headers) {
        return headers.getValuesList(HttpHeader.ACCEPT).stream().anyMatch(types -> types.contains("text/html"));
    }

    private static boolean gzip(Request request) {
        return request.getHeaders().contains(HttpHeader.ACCEPT_ENCODING, "gzip");
    }

    private Answer route(Request request, String path) {
        if (path.startsWith(RUN)) {
            String run = path.substring(RUN.length());
            return polled(request, run.endsWith(CHANGES) ? run.substring(0, run.length() - CHANGES.length()) : run);
        }
        return switch (path) {
            case METRICS -> metrics(request);
            case RUNS -> runOrList(request);
            case HEALTHY -> Answer.of(Answer.TEXT, "Etascope is healthy.\n");
            case READY -> ready();
            case "/" -> file(request, "index.html");
            default -> file(request, path.substring(1));
        };
    }

    private Answer ready() {
        return runs.all().isEmpty()
                ? Answer.refusal(503, "no run has come yet")
                : Answer.of(Answer.TEXT, "Etascope is ready.\n");
    }

    private Answer metrics(Request request) {
        HttpFields headers = request.getHeaders();
        WatchedRuns.Scrape scrape = new WatchedRuns.Scrape(
                TextFormat.chooseContentType(headers.get(HttpHeader.ACCEPT)),
                Set.copyOf(Request.extractQueryParameters(request).getValuesOrEmpty("name[]")),
                gzip(request));
        if (!request.getMethod().equals("GET")) {
            return runs.scrape(scrape).answer();
        }
        EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
        Scrapers.Scraper scraper = scrapers.scrape(who(request), connection, connection::isOpen);
        Answers.Kept kept = runs.scrape(scrape);
        whenDelivered(request, () -> {
            scrapers.shown(scraper, kept.ends());
            clients.keep(connection);
        });
        return kept.answer();
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
        return run == null
                ? shared(
                                request,
                                RUNS,
                                () -> Answer.of(Answer.JSON, RunJson.list(runs.all()))
                                        .withEtag())
                        .answer()
                : polled(request, run);
    }

    /** One answer for all who ask the same at the same time. */
    private Answers.Kept shared(Request request, Object question, Supplier<Answer> maker) {
        boolean gzip = gzip(request);
        return runs.about(List.of(question, gzip), () -> gzip ? maker.get().gzip() : maker.get());
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

    /** What the live page asks for every few seconds. */
    private Answer polled(Request request, String encodedName) {
        Scrapers.Scraper page = scrapers.poll(who(request));
        return find(encodedName)
                .map(recording -> {
                    Answers.Kept told = told(request, recording);
                    whenDelivered(request, () -> scrapers.shown(page, told.ends()));
                    return told.answer();
                })
                .orElseGet(() -> Answer.refusal(404, "there is no such run; /api/runs lists them"));
    }

    private Optional<Recording> find(String encodedName) {
        try {
            // Neither in a path nor here a plus is a space.
            return runs.find(URLDecoder.decode(encodedName.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // A percent sign that encodes nothing.
            return Optional.empty();
        }
    }

    /** All of a run; what has changed {@code &since=VERSION}; or {@code &as=report}, its report. */
    private Answers.Kept told(Request request, Recording recording) {
        String name = recording.snapshot().info().run();
        if ("report".equals(query(request, "as"))) {
            return shared(
                    request,
                    new Question(name, "report"),
                    () -> Answer.of("text/html; charset=utf-8", RunReport.html(recording))
                            .with("Content-Disposition", List.of("attachment")));
        }
        String since = query(request, "since");
        if (since == null) {
            return shared(
                    request, new Question(name, "all"), () -> Answer.of(Answer.JSON, RunJson.run(recording, now())));
        }
        long ends = runs.ends();
        String known = RunJson.known(recording, since);
        if (known == null) {
            return new Answers.Kept(0, ends, NOTHING_NEW);
        }
        return shared(
                request,
                new Question(name, "since " + known),
                () -> Answer.of(Answer.JSON, RunJson.changes(recording, now(), known)));
    }

    private record Question(String run, String asked) {}

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    private Answer file(Request request, String name) {
        return page.find(name)
                .map(file -> files.computeIfAbsent(List.of(name, gzip(request)), key -> {
                    Answer answer = Answer.of(file.contentType(), ByteBuffer.wrap(file.body()));
                    return (gzip(request) ? answer.gzip() : answer).withEtag();
                }))
                .orElseGet(() ->
                        Answer.refusal(404, "not found; there are /, /metrics, /api/runs, /-/healthy and /-/ready"));
    }
}
