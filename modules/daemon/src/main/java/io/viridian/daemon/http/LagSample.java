package io.viridian.daemon.http;

import io.viridian.control.MigrationView.LagView;
import java.time.Instant;

/**
 * How far each side was behind the other at one moment.
 *
 * @param forward green behind blue
 * @param reverse blue behind green; without values while nothing leads back
 */
record LagSample(Instant at, LagView forward, LagView reverse) {}
