package io.viridian.plan;

/** A green sequence and the blue one it continues; the same pair read the other way for the way back. */
public record SequencePair(SequenceName blue, SequenceName green) {
    public SequenceName on(Side side) {
        return side == Side.BLUE ? blue : green;
    }
}
