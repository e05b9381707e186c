package io.viridian.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers different states in the order of their discovery. An open hash table of ints: the JDK's map would spend more
 * memory on its entries than the states themselves need, and a test has one heap for all models.
 */
final class StateIndex<S> {
    private static final int EMPTY = -1;

    private final List<S> states = new ArrayList<>();
    private final IntSequence hashes = new IntSequence();
    private int[] slots = emptySlots(1 << 12);

    int size() {
        return states.size();
    }

    S state(int number) {
        return states.get(number);
    }

    /** The number of this state, which is the former size when it was not known before. */
    int numberOf(S state) {
        int hash = spread(state.hashCode());
        int slot = slotOf(state, hash);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        slots[slot] = states.size();
        states.add(state);
        hashes.add(hash);
        if (states.size() * 2 > slots.length) {
            grow();
        }
        return states.size() - 1;
    }

    private int slotOf(S state, int hash) {
        int slot = hash & slots.length - 1;
        while (slots[slot] != EMPTY
                && !(hashes.get(slots[slot]) == hash && states.get(slots[slot]).equals(state))) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private void grow() {
        slots = emptySlots(slots.length * 2);
        for (int number = 0; number < states.size(); number++) {
            int slot = hashes.get(number) & slots.length - 1;
            while (slots[slot] != EMPTY) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = number;
        }
    }

    private static int[] emptySlots(int length) {
        int[] empty = new int[length];
        Arrays.fill(empty, EMPTY);
        return empty;
    }

    /**
     * Hashes of records differ mostly in their low bits and in steps of 31; this scatters them (Murmur's last step).
     */
    private static int spread(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85EBCA6B;
        mixed = (mixed ^ mixed >>> 13) * 0xC2B2AE35;
        return mixed ^ mixed >>> 16;
    }
}
