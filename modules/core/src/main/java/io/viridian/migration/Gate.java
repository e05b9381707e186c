package io.viridian.migration;

import java.time.Instant;

/**
 * One condition of a cutover, as it is now. What cannot be read counts as failed.
 *
 * @param id the contract's name, like {@code lag.seconds}
 * @param passing whether the cutover may go ahead as far as this gate is concerned
 * @param value what was read, for people
 * @param limit what is demanded, for people
 * @param hint what to do when it is not passing
 * @param since when it last changed between passing and not passing
 */
public record Gate(String id, boolean passing, String value, String limit, String hint, Instant since) {}
