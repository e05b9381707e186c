package io.viridian.migration;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many rows of green a rollback may lose something of, because blue cannot hold them as they are: none, unless
 * whoever asks for it accepts so many by the token that the plan of the rollback names. A token counts for the time
 * since one switch. Immutable.
 *
 * @param rows at most so many; from 0
 * @param epoch the ownership epoch in which that was accepted; of no meaning where nothing is
 */
public record AcceptedLoss(long rows, long epoch) {
    private static final String PARAMETER = "accept_data_loss";
    private static final Pattern TOKEN = Pattern.compile("([1-9][0-9]{0,17})-e([0-9]{1,18})");

    /**
     * What an operation accepts.
     *
     * @param parameters of an operation, of which only one is read
     * @throws FaultException with USAGE when its token is none
     */
    public static AcceptedLoss of(Map<String, String> parameters) {
        String token = parameters.getOrDefault(PARAMETER, "");
        if (token.isEmpty()) {
            return new AcceptedLoss(0, 0);
        }
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            throw Fault.about(
                            FaultCode.USAGE,
                            PARAMETER,
                            "'" + token + "' accepts no loss; `viridian plan rollback` names a token like 3-e7, which "
                                    + "accepts the loss of at most 3 rows")
                    .asException();
        }
        return new AcceptedLoss(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    /** What accepts it: {@code ROWS-eEPOCH}. */
    public String token() {
        return rows + "-e" + epoch;
    }

    /**
     * Returns when no more would be lost than was accepted.
     *
     * @param lossy so many rows would be lost now
     * @throws FaultException with GATE_REFUSED
     */
    public void covers(long lossy) {
        if (lossy > rows) {
            throw refused("a rollback now would lose something of " + lossy + " rows of green that blue cannot hold as "
                    + "they are, and " + (rows == 0 ? "nobody has" : "only " + rows + " are") + " accepted"
                    + (rows == 0 ? " that" : ""));
        }
    }

    /**
     * As {@link #covers(long)}, and what was accepted was so in this epoch.
     *
     * @param now the ownership epoch
     */
    void covers(long lossy, long now) {
        covers(lossy);
        if (lossy > 0 && epoch != now) {
            throw refused("the loss of " + rows + " rows was accepted in epoch " + epoch + "; this is " + now
                    + ", and a rollback now would lose something of " + lossy + " rows");
        }
    }

    private static FaultException refused(String why) {
        return Fault.about(
                        FaultCode.GATE_REFUSED,
                        "rollback.lossless",
                        why
                                + ". Writes stay on green. `select * from viridian.lossy` on blue names the rows; put right on "
                                + "green they come back whole. To lose them all the same, give the token that `viridian plan "
                                + "rollback` names: `viridian rollback --accept-data-loss TOKEN`")
                .asException();
    }
}
