package io.viridian.bench;

/**
 * The write pauses of switches in one direction, as every client saw them, in milliseconds.
 *
 * @param operation cutover or rollback
 * @param switches how many there were
 * @param perSecond transactions a second that the clients made before the switches
 * @param refused transactions that were refused and made again
 * @param pauses from a client's last commit on the old side until its first on the new one
 */
record Pauses(String operation, int switches, double perSecond, long refused, Percentiles pauses) {}
