package io.viridian.cutover.gate;

import io.viridian.postgres.slot.SlotState;
import io.viridian.postgres.slot.Slots;
import java.util.Optional;

/** The slot of the stream holds all of its log, and not too much of it. */
final class SlotSafe implements Check {
    @Override
    public String id() {
        return "slot.safe";
    }

    @Override
    public String firmBecause() {
        return "the log behind the slot is all that holds the writes which are not on the other side "
                + "yet; raise protect-blue.max-slot-wal, or on the way back protect-green.max-slot-wal, if it may hold more";
    }

    @Override
    public Optional<Observation> observe(Inquiry inquiry) {
        String name = inquiry.parts().slot().apply(inquiry.facts().direction());
        long max = inquiry.limits().slotWalBytesMax(inquiry.source());
        Optional<SlotState> slot = inquiry.ask(inquiry.source(), session -> Slots.inspect(session, name));
        boolean safe = slot.filter(one ->
                        one.walStatus().equals("reserved") || one.walStatus().equals("extended"))
                .filter(one -> one.retainedBytes() <= max)
                .isPresent();
        return Observation.of(
                safe,
                slot.map(one -> one.walStatus() + ", holds " + Words.bytes(one.retainedBytes()))
                        .orElse("slot " + name + " does not exist"),
                "reserved, at most " + Words.bytes(max),
                "Look at slot " + name + " on " + inquiry.source().text()
                        + ", at max_slot_wal_keep_size and at the lag.");
    }
}
