package io.viridian.model;

import java.util.function.Predicate;

/**
 * A claim about every single state.
 *
 * @param name the claim, as a sentence: it heads the counter-example when it is broken
 * @param holds false in a state that must never be reached
 */
public record Invariant<S>(String name, Predicate<S> holds) {}
