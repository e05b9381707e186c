package io.viridian.bench;

import java.time.Duration;

/**
 * How long a load took.
 *
 * @param whole until everything that belongs to it was done
 * @param copy until the rows were on green; the same where nothing comes after them
 */
record LoadTimes(Duration whole, Duration copy) {}
