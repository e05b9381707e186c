package io.viridian.daemon.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.viridian.control.MigrationControl;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API. Made, started once, closed once, all by one thread; it serves from {@link #start()} to {@link
 * #close()}.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Longer than the longest wait of a call, so that only silence is cut off. */
    private static final int IDLE_SECONDS = 75;

    /** For the head of a connection's first request, and for every body: later is somebody holding a door open. */
    private static final Duration REQUEST_WITHIN = Duration.ofSeconds(10);

    private static final int LONGEST_LINE = 4_096;
    private static final int LARGEST_HEADERS = 16 * 1024;
    private static final Duration SLOWEST_WRITE = Duration.ofSeconds(10);
    /** For answers that are on their way when the server closes. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final MigrationControl control;
    private final HttpSettings settings;
    private final PrometheusMeterRegistry registry;
    private final Clock clock;
    private Readiness readiness = Readiness.ALWAYS;
    private Runnable beforeScrape = () -> {};
    private Duration patience = SLOWEST_WRITE;
    private Duration requestWithin = REQUEST_WITHIN;
    private volatile boolean stopping;
    private Optional<Running> running = Optional.empty();

    /** Makes a server that does nothing yet. */
    public HttpServer(MigrationControl control, HttpSettings settings, PrometheusMeterRegistry registry, Clock clock) {
        this.control = control;
        this.settings = settings;
        this.registry = registry;
        this.clock = clock;
    }

    /** What exists only between start and close. */
    private record Running(
            Vertx vertx,
            io.vertx.core.http.HttpServer server,
            ExecutorService workers,
            EventStream stream,
            Optional<AdminToken> token) {}

    /** What {@code /readyz} asks besides the control; to be given before the start. */
    public HttpServer readiness(Readiness given) {
        readiness = given;
        return this;
    }

    /** What brings the metrics up to date before {@code /metrics} shows them; to be given before the start. */
    public HttpServer beforeScrape(Runnable given) {
        beforeScrape = given;
        return this;
    }

    /** Cuts off slow and silent clients sooner, for tests. */
    HttpServer patience(Duration write, Duration request) {
        patience = write;
        requestWithin = request;
        return this;
    }

    /**
     * Binds the port, reads the tokens file or writes the admin token, and serves.
     *
     * @throws io.viridian.fault.FaultException when the address cannot be used, or would be open to everybody
     * @throws io.viridian.daemon.config.ConfigurationException when the tokens file is refused
     */
    public void start() throws InterruptedException {
        demandCallersAreKnown();
        Optional<FileTokens> listed = settings.tokensFile().map(file -> FileTokens.read(file, clock));
        Vertx vertx = vertx();
        ExecutorService workers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                .name("http-", 0)
                .uncaughtExceptionHandler(HttpServer::uncaught)
                .factory());
        EventStream stream = new EventStream(control, clock, patience, () -> stopping);
        LagHistory lags = new LagHistory(control, clock);
        LateToken token = new LateToken();
        boolean started = false;
        try {
            io.vertx.core.http.HttpServer server = listen(
                    vertx,
                    workers,
                    stream,
                    lags,
                    listed.<Tokens>map(Function.identity()).orElse(token));
            Optional<AdminToken> issued =
                    listed.isPresent() ? Optional.empty() : Optional.of(token.issue(settings.tokenFile()));
            workers.execute(() -> lags.run(() -> stopping));
            listed.ifPresent(tokens -> workers.execute(() -> tokens.watch(() -> stopping)));
            running = Optional.of(new Running(vertx, server, workers, stream, issued));
            started = true;
            LOG.info("listening on {}:{}, {}", settings.host(), server.actualPort(), whoMayCall());
        } catch (IOException e) {
            throw Fault.about(
                            FaultCode.CONFIGURATION_INVALID,
                            settings.tokenFile().toString(),
                            "the admin token cannot be written: " + e)
                    .asException(e);
        } finally {
            if (!started) {
                workers.shutdownNow();
                awaited(vertx.close());
            }
        }
    }

    /** The port that was bound. */
    public int port() {
        return started().server().actualPort();
    }

    /** Where the admin token stands, unless a file of tokens was given. */
    public Path tokenFile() {
        return settings.tokenFile();
    }

    /** Where it is said who may call, for people. */
    public String whoMayCall() {
        return settings.tokensFile()
                .map(file -> "tokens: as " + file + " lists them")
                .orElseGet(() -> "admin token: " + settings.tokenFile());
    }

    private void demandCallersAreKnown() {
        if (Doorkeeper.isLoopbackName(settings.host())) {
            return;
        }
        if (settings.tokensFile().isEmpty()) {
            throw Fault.about(
                            FaultCode.CONFIGURATION_INVALID,
                            "http.listen",
                            "listening on %s needs http.tokens-file, which says who may call; or listen on 127.0.0.1"
                                    .formatted(settings.host()))
                    .asException();
        }
        LOG.warn(
                "{} can be reached from other machines, and tokens travel there unencrypted: lead callers through a proxy"
                        + " that speaks TLS",
                settings.host());
    }

    @Override
    public void close() {
        if (running.isEmpty()) {
            return;
        }
        stopping = true;
        Running ending = started();
        running = Optional.empty();
        ending.stream().wake();
        awaited(ending.server().shutdown(GRACE.toSeconds(), TimeUnit.SECONDS));
        ending.workers().shutdownNow();
        awaited(ending.vertx().close());
        ending.token().ifPresent(this::withdraw);
    }

    private void withdraw(AdminToken token) {
        try {
            token.withdraw();
        } catch (IOException e) {
            LOG.warn("the admin token file {} stays behind, its token is void: {}", tokenFile(), e.toString());
        }
    }

    private io.vertx.core.http.HttpServer listen(
            Vertx vertx, ExecutorService workers, EventStream stream, LagHistory lags, Tokens tokens)
            throws InterruptedException {
        Doorkeeper doorkeeper = new Doorkeeper(tokens, Doorkeeper.isLoopbackName(settings.host()));
        Dispatcher dispatcher = new Dispatcher(vertx, doorkeeper, workers, () -> stopping);
        Api.Parts parts = new Api.Parts(
                new ProbeAnswers(control, readiness, registry, beforeScrape),
                new PageAnswers(),
                new MigrationAnswers(control, lags),
                new OperationAnswers(control, settings, clock));
        Router router = new Routes(vertx, registry, clock, doorkeeper, dispatcher, requestWithin)
                .router(Api.endpoints(settings, parts), Api.STREAM, context -> {
                    Api.demandOurs(settings.migration(), context.pathParam("m"));
                    doorkeeper.admit(context.request(), Endpoint.Access.READING);
                    stream.open(context, vertx, workers);
                });
        Connections connections = new Connections(vertx, requestWithin);
        Future<io.vertx.core.http.HttpServer> listening = vertx.createHttpServer(options())
                .connectionHandler(connections::opened)
                .invalidRequestHandler(Routes::refuseInvalid)
                .requestHandler(request -> {
                    connections.asked(request);
                    if (Routes.canBeDecoded(request)) {
                        router.handle(request);
                    } else {
                        Routes.refuseInvalid(request);
                    }
                })
                .listen();
        try {
            return listening.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw Fault.about(
                            FaultCode.CONFIGURATION_INVALID,
                            "http.listen",
                            "cannot listen on %s:%d: %s"
                                    .formatted(settings.host(), settings.port(), String.valueOf(e.getCause())))
                    .asException(e);
        }
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setMaxHeaderSize(LARGEST_HEADERS);
    }

    private Running started() {
        return running.orElseThrow(() -> new IllegalStateException("the server is not running"));
    }

    /** One event loop is plenty for a control API; nothing of it touches the disk. */
    private static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    private static void awaited(Future<Void> ending) {
        try {
            ending.toCompletionStage().toCompletableFuture().get(CLOSE_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("closing takes longer than {}, the process ends anyway", CLOSE_WITHIN);
        } catch (ExecutionException e) {
            LOG.warn("closing went wrong, the process ends anyway: {}", String.valueOf(e.getCause()));
        }
    }

    private static void uncaught(Thread thread, Throwable failure) {
        LOG.error("{} died", thread.getName(), failure);
    }

    /** Nobody is let in before the token is written, and it is written only once the port is ours. */
    private static final class LateToken implements Tokens {
        private volatile Optional<AdminToken> token = Optional.empty();

        AdminToken issue(Path file) throws IOException {
            AdminToken issued = AdminToken.issue(file);
            token = Optional.of(issued);
            return issued;
        }

        @Override
        public Optional<Caller> callerOf(String text) {
            return token.orElseThrow(() -> ProblemKind.STARTING.refusal("the admin token is not written yet"))
                    .callerOf(text);
        }
    }
}
