package io.viridian.cli;

/** Emphasis on a terminal; plain text everywhere else. Never the only carrier of a meaning. */
record Paint(boolean on) {
    private static final String RESET = "\u001B[0m";

    static Paint in(Surroundings around) {
        return new Paint(around.colour());
    }

    String strong(String text) {
        return paint("\u001B[1m", text);
    }

    String bad(String text) {
        return paint("\u001B[31m", text);
    }

    private String paint(String begin, String text) {
        return on ? begin + text + RESET : text;
    }
}
