package io.viridian.plan;

/**
 * A green sequence and a blue one it continues; the same pair read the other way for the way back. Either may stand in
 * several pairs: where tables become one, or one becomes several.
 */
public record SequencePair(SequenceName blue, SequenceName green) {
    public SequenceName on(Side side) {
        return side == Side.BLUE ? blue : green;
    }
}
