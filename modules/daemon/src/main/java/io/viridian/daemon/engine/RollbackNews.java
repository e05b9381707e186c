package io.viridian.daemon.engine;

/**
 * Tells when the answer to "can I go back?" becomes another one. How many rows it is about is in the status; here only
 * whether. For the thread that looks around.
 */
final class RollbackNews {
    private static final String LOSSLESS = "lossless";

    private final Happenings happenings;
    private String told = LOSSLESS;

    RollbackNews(Happenings happenings) {
        this.happenings = happenings;
    }

    /** @param rollback the contract's word, with what it has in parentheses */
    void look(String rollback) {
        String kind = rollback.replaceFirst("\\(.*", "");
        if (!kind.equals(told)) {
            told = kind;
            happenings.tell("rollback." + kind, "a rollback would be " + rollback);
        }
    }
}
