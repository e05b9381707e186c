package io.viridian.bench;

/** How many statements each side has got. */
record Counted(long blue, long green) {
    Counted minus(Counted earlier) {
        return new Counted(blue - earlier.blue, green - earlier.green);
    }
}
