package io.viridian.model;

import java.util.List;
import java.util.function.Function;

/**
 * One kind of step, named as it shall read in a trace. It answers every state it can lead to; an empty list says that
 * it is not possible now.
 *
 * @param name what happens, in the words of the protocol
 * @param successors the states after it; an action with several outcomes (acknowledged, lost) answers several
 */
public record Action<S>(String name, Function<S, List<S>> successors) {}
