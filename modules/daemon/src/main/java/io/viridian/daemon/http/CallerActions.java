package io.viridian.daemon.http;

import io.viridian.control.MigrationView.ActionView;
import io.viridian.daemon.config.Role;
import io.viridian.migration.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the one who asks may ask for: what the state allows, less what the role behind the token does not. */
final class CallerActions {
    private CallerActions() {}

    /**
     * The state's actions, refused where the caller's role does not reach; as they are for somebody without a token.
     */
    static List<ActionView> of(List<ActionView> actions, Optional<Caller> caller) {
        return actions.stream()
                .map(action -> action.allowed()
                        ? caller.flatMap(asking -> refusal(asking, action.type()))
                                .map(reason -> new ActionView(action.type(), false, reason))
                                .orElse(action)
                        : action)
                .toList();
    }

    /** Why this caller may not ask for it; empty when the role reaches. */
    static Optional<String> refusal(Caller caller, Operation.Type type) {
        Role needed = OperationAnswers.roleFor(type);
        return caller.role().covers(needed)
                ? Optional.empty()
                : Optional.of("%s needs the role %s; %s has %s"
                        .formatted(
                                type.text(),
                                needed.text(),
                                caller.name(),
                                caller.role().text()));
    }

    private static Optional<String> refusal(Caller caller, String type) {
        return Arrays.stream(Operation.Type.values())
                .filter(known -> known.text().equals(type))
                .findFirst()
                .flatMap(known -> refusal(caller, known));
    }
}
