package io.viridian.daemon.engine;

import io.viridian.control.MigrationView;
import io.viridian.migration.Operation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a request for an operation must have seen: all that was decided or happened, and nothing that is measured.
 * Whether a gate passes, the application does well, a verification runs or the load is throttled are readings, too:
 * they go up and down by themselves, and would refuse whoever looked for longer; the switch itself reads the gates
 * again. Of whoever asks nothing is in it, so that one version is everybody's. Pure.
 */
final class ViewVersion {
    /** 128 bits: nobody meets two migrations, or two moments of one, with the same. */
    private static final int BYTES = 16;

    private ViewVersion() {}

    /**
     * The version of a view.
     *
     * @param operations the newest, each of which counts with where it has got to
     */
    static String of(MigrationView view, List<Operation> operations) {
        List<Object> seen = List.of(
                view.migration(),
                view.state(),
                view.step(),
                view.stateSince(),
                view.owner(),
                view.planHash(),
                view.flags().stream()
                        .filter(flag -> !flag.startsWith("throttled"))
                        .toList(),
                view.verification().equals("mismatch"),
                word(view.rollback()),
                view.consents(),
                view.health().map(MigrationView.HealthView::onFailing),
                view.closed().map(MigrationView.ClosedView::side),
                view.fault().map(fault -> List.of(fault.code(), fault.object(), fault.sqlState())),
                view.actions().stream()
                        .map(action -> List.of(action.type(), action.allowed()))
                        .toList(),
                operations.stream()
                        .map(operation -> List.of(operation.id(), operation.status()))
                        .toList());
        return HexFormat.of().formatHex(sha256(seen.toString()), 0, BYTES);
    }

    /** Without what stands in parentheses: how many rows a rollback would lose is measured. */
    private static String word(String rollback) {
        int detail = rollback.indexOf('(');
        return detail < 0 ? rollback : rollback.substring(0, detail);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
