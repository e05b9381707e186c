/**
 * Everything the operator tells the daemon, read once at start: {@code viridian.yaml}, {@code VIRIDIAN_…} variables
 * and flags become {@link io.viridian.daemon.config.Settings}, {@code mapping.yaml} becomes a
 * {@link io.viridian.plan.MappingSpec}. One registry, {@link io.viridian.daemon.config.ConfigurationKeys}, names every
 * key with type, default and reason; parsing, refusals, the reference page, the example file and the JSON Schema are
 * all derived from it.
 *
 * <p>Invariants: nothing is repaired, everything wrong is told at once, and no secret leaves a
 * {@link io.viridian.daemon.config.Secret} as text. This is the only package that reads the environment or
 * configuration files; it runs on the caller's thread and never talks to a server.
 */
@NullMarked
package io.viridian.daemon.config;

import org.jspecify.annotations.NullMarked;
