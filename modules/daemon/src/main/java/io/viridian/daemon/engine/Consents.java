package io.viridian.daemon.engine;

import io.viridian.cutover.gate.Gates;
import io.viridian.cutover.gate.OwnGate;
import io.viridian.daemon.config.DurationText;
import io.viridian.daemon.config.NearestKey;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.migration.Consent;
import io.viridian.migration.ConsentBook;
import io.viridian.migration.Gate;
import io.viridian.migration.GateOverride;
import io.viridian.migration.Operation;
import io.viridian.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people put their names to: gates overridden, switches approved. In the journal, and in memory besides, so that
 * it can be told after the journal has gone. Any thread.
 */
final class Consents {
    static final String APPROVAL = "approval";

    /** Nobody should rely the next morning on what was said the day before. */
    private static final Duration USUALLY = Duration.ofHours(24);

    private static final Duration LONGEST = Duration.ofDays(7);

    /** A page of names is more than a migration needs; more than this is a script that went wrong. */
    private static final int MOST = 1000;

    private final int approvals;
    private final List<String> hooks;
    private final Scope scope;
    private final Clock clock;
    private final List<Consent> given = new ArrayList<>();
    private @Nullable ConsentBook book;

    /** What a consent is about: this plan, and the switch that is to come. */
    interface Scope {
        String planHash();

        /** Of the ownership; empty while nobody can say. */
        Optional<Long> epoch();
    }

    /**
     * What was said so far is told by {@link #attach}.
     *
     * @param approvals how many other people must approve a cutover
     * @param hooks the gates of the configuration's own
     */
    Consents(int approvals, List<String> hooks, Scope scope, Clock clock) {
        this.approvals = approvals;
        this.hooks = List.copyOf(hooks);
        this.scope = scope;
        this.clock = clock;
    }

    synchronized void attach(ConsentBook durable) {
        given.clear();
        given.addAll(durable.newest(MOST));
        book = durable;
    }

    synchronized void detach() {
        book = null;
    }

    /** All of them, oldest first. */
    synchronized List<Consent> all() {
        return List.copyOf(given);
    }

    /**
     * Refuses what nobody can consent to, before it is written down as asked for.
     *
     * @throws FaultException with USAGE or GATE_REFUSED
     */
    void demand(Operation.Type type, Map<String, String> parameters, String reason) {
        if (type != Operation.Type.OVERRIDE && type != Operation.Type.APPROVE) {
            return;
        }
        if (reason.isBlank()) {
            throw wrong("reason", type.text() + " needs a reason; it is kept for ever");
        }
        if (type == Operation.Type.OVERRIDE) {
            demandYielding(parameters.getOrDefault("gate", ""));
            during(parameters);
        } else if (approvals == 0) {
            throw wrong("cutover.approvals", "no approval is asked for: cutover.approvals is 0");
        }
        withdraws(parameters);
    }

    private void demandYielding(String gate) {
        Map<String, String> firm = firm();
        String why = firm.get(gate);
        if (why == null) {
            throw wrong(
                    "gate",
                    "there is no gate '" + gate + "'"
                            + NearestKey.among(firm.keySet(), gate)
                                    .map(nearest -> "; the nearest is " + nearest)
                                    .orElse("; there are " + String.join(" ", firm.keySet())));
        }
        if (!why.isEmpty()) {
            throw Fault.about(FaultCode.GATE_REFUSED, gate, "gate " + gate + " can never be overridden: " + why)
                    .asException();
        }
    }

    /** Every gate there can be, and why nobody may override it; empty where somebody may. */
    private Map<String, String> firm() {
        Map<String, String> firm = new LinkedHashMap<>(Gates.firm());
        hooks.forEach(hook -> firm.put(hook, ""));
        firm.put(APPROVAL, "what takes several people cannot be done by one");
        return firm;
    }

    private static Duration during(Map<String, String> parameters) {
        String text = parameters.getOrDefault("for", "");
        try {
            Duration asked = text.isEmpty() ? USUALLY : DurationText.parse(text);
            if (asked.isZero() || asked.compareTo(LONGEST) > 0) {
                throw wrong("for", "'" + text + "' is refused: it must be more than nothing and at most 7d");
            }
            return asked;
        } catch (IllegalArgumentException unreadable) {
            throw wrong("for", "'" + text + "' is no duration like 2h: " + unreadable.getMessage());
        }
    }

    private static boolean withdraws(Map<String, String> parameters) {
        return switch (parameters.getOrDefault("withdraw", "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong("withdraw", "withdraw must be true or false");
        };
    }

    private static FaultException wrong(String object, String what) {
        return Fault.about(FaultCode.USAGE, object, what).asException();
    }

    /**
     * Writes down what the operation asks for; once, however often it is carried out.
     *
     * @throws FaultException as {@link #demand}, and with USAGE when there is nothing to take back
     */
    synchronized Consent write(Operation operation) {
        demand(operation.type(), operation.parameters(), operation.reason());
        Optional<Consent> before = given.stream()
                .filter(one -> one.operation().equals(operation.id()))
                .findFirst();
        if (before.isPresent()) {
            return before.get();
        }
        Consent asked = draft(operation);
        if (!asked.given() && last(asked, Optional.of(asked.epoch())).isEmpty()) {
            throw wrong(
                    asked.subject(),
                    "there is nothing to take back: " + asked.subject() + " is not " + standing(asked));
        }
        ConsentBook durable = book;
        if (durable == null || given.size() >= MOST) {
            throw Fault.of(FaultCode.CONFLICT, "nothing more can be written down: " + given.size() + " are")
                    .asException();
        }
        Consent written = durable.append(asked);
        given.add(written);
        return written;
    }

    private static String standing(Consent asked) {
        return asked.kind() == Consent.Kind.OVERRIDE ? "overridden" : "given by " + asked.by();
    }

    private Consent draft(Operation operation) {
        boolean override = operation.type() == Operation.Type.OVERRIDE;
        long epoch = scope.epoch()
                .orElseThrow(() -> Fault.of(
                                FaultCode.BLUE_UNREACHABLE,
                                "who owns the writes cannot be read now, and it would be for that switch")
                        .asException());
        return new Consent(
                0,
                override ? Consent.Kind.OVERRIDE : Consent.Kind.APPROVAL,
                override ? operation.parameters().getOrDefault("gate", "") : APPROVAL,
                !withdraws(operation.parameters()),
                operation.reason(),
                operation.by(),
                clock.now(),
                clock.now().plus(override ? during(operation.parameters()) : USUALLY),
                scope.planHash(),
                epoch,
                operation.id());
    }

    /** The gates with what was said about them. */
    List<Gate> beside(List<Gate> gates) {
        Map<String, Consent> lastWords = new LinkedHashMap<>();
        all().stream()
                .filter(one -> one.kind() == Consent.Kind.OVERRIDE)
                .forEach(one -> lastWords.put(one.subject(), one));
        if (lastWords.isEmpty()) {
            return gates;
        }
        Optional<Long> epoch = scope.epoch();
        return gates.stream()
                .map(gate -> gate.with(Optional.ofNullable(lastWords.get(gate.id()))
                        .filter(one -> holds(one, epoch))
                        .map(one -> new GateOverride(one.by(), one.reason(), one.at(), one.until()))))
                .toList();
    }

    /** What holds of this kind about this subject; of approvals the person's own, of overrides anybody's. */
    private Optional<Consent> last(Consent like, Optional<Long> epoch) {
        return all().reversed().stream()
                .filter(one -> one.kind() == like.kind() && one.subject().equals(like.subject()))
                .filter(one -> one.kind() == Consent.Kind.OVERRIDE || one.by().equals(like.by()))
                .findFirst()
                .filter(one -> holds(one, epoch));
    }

    private boolean holds(Consent one, Optional<Long> epoch) {
        return epoch.filter(known -> one.holds(known, scope.planHash(), clock.now()))
                .isPresent();
    }

    /**
     * The gate of the approvals, when some are asked for.
     *
     * @param by who asks for the cutover, whose own does not count
     */
    Optional<OwnGate> approval(String by) {
        if (approvals == 0) {
            return Optional.empty();
        }
        Map<String, Consent> lastWords = new TreeMap<>();
        all().stream().filter(one -> one.kind() == Consent.Kind.APPROVAL).forEach(one -> lastWords.put(one.by(), one));
        Optional<Long> epoch = lastWords.isEmpty() ? Optional.empty() : scope.epoch();
        List<String> all = lastWords.values().stream()
                .filter(one -> holds(one, epoch))
                .map(Consent::by)
                .toList();
        List<String> approving =
                all.stream().filter(person -> !person.equals(by)).toList();
        return Optional.of(new OwnGate(
                APPROVAL,
                approving.size() >= approvals,
                (approving.isEmpty() ? "nobody" : String.join(", ", approving))
                        + (all.contains(by) ? " (" + by + " asks for it, which does not count)" : ""),
                approvals + (approvals == 1 ? " person" : " people") + " other than who cuts over",
                "Have somebody else look, and run `viridian approve`."));
    }
}
