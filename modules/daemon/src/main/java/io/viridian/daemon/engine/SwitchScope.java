package io.viridian.daemon.engine;

import io.viridian.fault.Ambiguity;
import io.viridian.fault.FaultException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switch that is to come, by the plan and the epoch of the ownership. The epoch is read from the servers once after
 * each state that is entered. Any thread.
 */
final class SwitchScope implements Consents.Scope {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchScope.class);

    private final Supplier<String> planHash;
    private final LongSupplier epoch;
    private final AtomicLong entered = new AtomicLong();
    private volatile @Nullable Long known;

    /**
     * A scope.
     *
     * @param epoch asks the servers
     */
    SwitchScope(Supplier<String> planHash, LongSupplier epoch) {
        this.planHash = planHash;
        this.epoch = epoch;
    }

    /** A state was entered: what was known of the ownership is asked anew. */
    void entered() {
        entered.incrementAndGet();
        known = null;
    }

    @Override
    public String planHash() {
        return planHash.get();
    }

    @Override
    public Optional<Long> epoch() {
        Long remembered = known;
        return remembered == null ? read() : Optional.of(remembered);
    }

    private Optional<Long> read() {
        long before = entered.get();
        try {
            long read = epoch.getAsLong();
            if (entered.get() == before) {
                known = read;
            }
            return Optional.of(read);
        } catch (FaultException | Ambiguity unreadable) {
            LOG.debug("the ownership cannot be read: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }
}
