package io.viridian.model;

/** Explores a model that is expected to be wrong. */
public final class CounterExample {
    private CounterExample() {}

    /** The broken claim and how it comes to be broken; the test fails when there is none. */
    public static <S> Verdict.Violated<S> of(Model<S> model, int maxStates) {
        return switch (Explorer.explore(model, maxStates)) {
            case Verdict.Violated<S> broken -> broken;
            case Verdict.Holds<S> holds ->
                throw new AssertionError("model '" + model.name() + "' was expected to be wrong, but " + holds);
        };
    }
}
