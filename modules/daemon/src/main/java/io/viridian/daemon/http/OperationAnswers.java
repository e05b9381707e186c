package io.viridian.daemon.http;

import io.viridian.control.MigrationControl;
import io.viridian.daemon.config.DurationText;
import io.viridian.daemon.config.Role;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Operation;
import io.viridian.time.Clock;
import io.viridian.time.Deadline;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Operations: asking for one, looking at one, waiting for its end. */
final class OperationAnswers {
    /** Longer than this no call is held open; the client asks again. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private static final int LONGEST_KEY = 255;
    private static final int MOST_LISTED = 1_000;
    private static final int LISTED = 50;

    private final MigrationControl control;
    private final HttpSettings settings;
    private final Clock clock;

    /** One request at a time, so that of two with the same ETag or key only the first is new. */
    private final ReentrantLock oneAtATime = new ReentrantLock();

    OperationAnswers(MigrationControl control, HttpSettings settings, Clock clock) {
        this.control = control;
        this.settings = settings;
        this.clock = clock;
    }

    Reply list(Call call) {
        int most = (int) call.number("limit", 1, MOST_LISTED, LISTED);
        return Reply.json(
                200, json -> Json.objects(json, "operations", control.operations(most), OperationJson::write));
    }

    Reply submit(Call call) throws InterruptedException {
        Caller caller = call.caller().orElseThrow(() -> ProblemKind.TOKEN_MISSING.refusal("no token was sent"));
        OperationRequest request = OperationRequest.parse(call.body());
        demandRole(caller, request.type());
        MigrationControl.Request asked = new MigrationControl.Request(
                request.type(), request.parameters(), request.reason(), caller.name(), key(call));
        Optional<Operation> known = earlier(asked);
        if (known.isPresent()) {
            return accepted(known.get());
        }
        demandPlan(request);
        oneAtATime.lockInterruptibly();
        try {
            Optional<Operation> earlier = earlier(asked);
            if (earlier.isPresent()) {
                return accepted(earlier.get());
            }
            demandVersion(call, request.type());
            return accepted(submit(asked));
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Before anything else is looked at: whoever asks again because an answer got lost has an old version in hand. */
    private Optional<Operation> earlier(MigrationControl.Request asked) {
        try {
            return control.earlier(asked);
        } catch (FaultException e) {
            if (e.code() == FaultCode.CONFLICT) {
                throw new ProblemException(ProblemKind.KEY_REUSED.about(
                        "Idempotency-Key",
                        "the key '%s' was sent before with another body".formatted(asked.idempotencyKey())));
            }
            throw e;
        }
    }

    Reply find(Call call) throws InterruptedException {
        String id = call.part("id");
        Duration wait = wait(call);
        operation(id);
        new Waiter()
                .awaitUntil(
                        () -> call.over().getAsBoolean()
                                || operation(id).status().isFinal(),
                        Deadline.after(clock, wait));
        return shown(200, operation(id));
    }

    private Operation submit(MigrationControl.Request asked) {
        try {
            return control.submit(asked);
        } catch (FaultException e) {
            boolean aboutTheRequest = e.fault().object().equals("reason")
                    || OperationRequest.parametersOf(asked.type())
                            .contains(e.fault().object());
            if (e.code() == FaultCode.USAGE && !aboutTheRequest) {
                throw new ProblemException(ProblemKind.NOT_POSSIBLE_NOW.about(
                        e.fault().object(), e.fault().detail()));
            }
            throw e;
        }
    }

    private Reply accepted(Operation operation) {
        return shown(202, operation)
                .with("Location", "/v1/migrations/%s/operations/%s".formatted(settings.migration(), operation.id()));
    }

    private static Reply shown(int status, Operation operation) {
        return Reply.json(status, json -> OperationJson.write(json, operation));
    }

    private Operation operation(String id) {
        return control.operation(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.UNKNOWN_OPERATION.about(id, "there is no operation '%s'".formatted(id))));
    }

    private static Duration wait(Call call) {
        String text = call.query().getOrDefault("wait", "0s");
        try {
            Duration wait = DurationText.parse(text);
            return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                    "wait", "wait must be a duration like 30s, at most 60s, not '%s'".formatted(text)));
        }
    }

    static Role roleFor(Operation.Type type) {
        return switch (type) {
            case VERIFY, DISARM, PAUSE, RESUME -> Role.OPERATOR;
            case CUTOVER, ARM, CANARY, OVERRIDE, APPROVE, REHEARSE -> Role.APPROVER;
            case ROLLBACK, ABORT -> Role.RESPONDER;
            case FINALIZE -> Role.ADMIN;
        };
    }

    /** Whether the request must say which version of the migration its author has seen. */
    static boolean needsVersion(Operation.Type type) {
        return switch (type) {
            case CUTOVER, ROLLBACK, ABORT, FINALIZE -> true;
            case VERIFY, REHEARSE, ARM, DISARM, CANARY, OVERRIDE, APPROVE, PAUSE, RESUME -> false;
        };
    }

    private static void demandRole(Caller caller, Operation.Type type) {
        CallerActions.refusal(caller, type).ifPresent(reason -> {
            throw new ProblemException(ProblemKind.ROLE_MISSING.about(type.text(), reason));
        });
    }

    private static String key(Call call) {
        String key = call.header("idempotency-key").orElse("");
        if (key.length() > LONGEST_KEY || !key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new ProblemException(ProblemKind.MALFORMED_REQUEST.about(
                    "Idempotency-Key", "the key must be at most 255 printable ASCII characters"));
        }
        return key;
    }

    private void demandVersion(Call call, Operation.Type type) {
        Optional<String> ifMatch = call.header("if-match");
        if (ifMatch.isEmpty()) {
            if (needsVersion(type)) {
                throw new ProblemException(ProblemKind.VERSION_MISSING.about(
                        "If-Match", "%s needs If-Match with the ETag of the migration".formatted(type.text())));
            }
            return;
        }
        String version = control.view().version();
        if (!EntityTag.matches(ifMatch.get(), version)) {
            throw new ProblemException(ProblemKind.VERSION_STALE.about(
                    "If-Match",
                    "the request was made for version %s, the migration is at %s"
                            .formatted(ifMatch.get(), EntityTag.of(version))));
        }
    }

    /** Outside the lock: making the plan asks both databases, and an abort must not wait for a database that hangs. */
    private void demandPlan(OperationRequest request) {
        String wanted = request.parameters().get("plan");
        if (wanted == null) {
            return;
        }
        String hash = control.plan(request.type().text()).hash();
        if (!hash.equals(wanted)) {
            throw new ProblemException(ProblemKind.PLAN_OTHER.about(
                    "plan", "the request names plan %s, the plan is %s".formatted(wanted, hash)));
        }
    }
}
