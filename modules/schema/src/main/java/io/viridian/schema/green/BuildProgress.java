package io.viridian.schema.green;

/** Told whenever something that was taken off the tables is back. Called from the threads that build. */
@FunctionalInterface
public interface BuildProgress {
    BuildProgress NONE = (object, done, total) -> {};

    /**
     * One step is done.
     *
     * @param done how many are, this one included
     */
    void built(DeferredObject object, int done, int total);
}
