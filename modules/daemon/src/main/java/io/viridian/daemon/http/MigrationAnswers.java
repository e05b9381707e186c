package io.viridian.daemon.http;

import io.viridian.control.MigrationControl;
import io.viridian.control.MigrationEvent;
import io.viridian.control.MigrationView;
import io.viridian.proof.Verification;
import java.util.List;
import java.util.Set;

/** What one may look at without changing anything. */
final class MigrationAnswers {
    static final Set<String> PLANS = Set.of("migration", "cutover", "rollback", "finalize");

    private static final int MOST_EVENTS = 1_000;
    private static final int EVENTS = 500;

    /** As many as a canary keeps. */
    private static final int MOST_CONFLICTS = 10_000;

    private final MigrationControl control;
    private final LagHistory lags;

    MigrationAnswers(MigrationControl control, LagHistory lags) {
        this.control = control;
        this.lags = lags;
    }

    /** Who asks, as the token says; for a page that wants to know what it may offer. */
    Reply caller(Call call) {
        return Reply.json(200, json -> {
            Json.text(json, "name", call.caller().map(Caller::name).orElse(""));
            Json.text(
                    json,
                    "role",
                    call.caller().map(caller -> caller.role().text()).orElse(""));
        });
    }

    Reply list(Call call) {
        return Reply.json(200, json -> Json.objects(json, "migrations", List.of(control.view()), StatusJson::summary));
    }

    Reply status(Call call) {
        MigrationView view = control.view();
        return Reply.json(200, json -> StatusJson.write(json, view, control.gates(), call.caller()))
                .with("ETag", EntityTag.of(view.version()));
    }

    Reply lag(Call call) {
        int most = (int) call.number("limit", 1, LagHistory.MOST, LagHistory.MOST);
        return Reply.json(200, json -> {
            json.writeNumberField("every_seconds", LagHistory.EVERY.toSeconds());
            Json.objects(json, "samples", lags.newest(most), StatusJson::sample);
        });
    }

    Reply tables(Call call) {
        return Reply.json(200, json -> Json.objects(json, "tables", control.tables(), ProofJson::table));
    }

    Reply gates(Call call) {
        return Reply.json(200, json -> Json.objects(json, "gates", control.gates(), StatusJson::gate));
    }

    Reply events(Call call) {
        long since = call.number("since", 0, Long.MAX_VALUE, 0);
        List<MigrationEvent> events = control.events(since, (int) call.number("limit", 1, MOST_EVENTS, EVENTS));
        return Reply.json(200, json -> {
            Json.objects(json, "events", events, ProofJson::event);
            json.writeNumberField(
                    "last", events.isEmpty() ? since : events.getLast().number());
        });
    }

    Reply conflicts(Call call) {
        int most = (int) call.number("limit", 1, MOST_CONFLICTS, EVENTS);
        return Reply.json(200, json -> Json.objects(json, "conflicts", control.conflicts(most), ConflictJson::write));
    }

    Reply verification(Call call) {
        Verification verification = control.lastVerification()
                .orElseThrow(() -> ProblemKind.NOT_FOUND_YET.refusal("no verification has ended yet"));
        return Reply.json(200, json -> ProofJson.verification(json, verification));
    }

    Reply certificate(Call call) {
        return Reply.json(200, json -> ProofJson.certificate(json, control.report()));
    }

    Reply plan(Call call) {
        String what = call.part("what");
        if (!PLANS.contains(what)) {
            throw new ProblemException(ProblemKind.UNKNOWN_PATH.about(
                    what,
                    "there is no plan '%s'; there are migration, cutover, rollback and finalize".formatted(what)));
        }
        return Reply.json(200, json -> PlanJson.write(json, control.plan(what)));
    }
}
