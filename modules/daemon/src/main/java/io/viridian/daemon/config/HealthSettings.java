package io.viridian.daemon.config;

import java.time.Duration;
import java.util.List;

/**
 * How the application is looked after when a cutover is over.
 *
 * @param probes who is asked: one, or nobody
 * @param every how often
 * @param window for how long after the switch
 * @param timeout for each time
 * @param failures so many in a row, and {@code onFailing} happens
 */
public record HealthSettings(
        List<HealthProbe> probes,
        Duration every,
        Duration window,
        Duration timeout,
        int failures,
        OnFailing onFailing) {
    /** Every answer is an event, and events that people look for must not drown in them. */
    private static final int ANSWERS_MOST = 400;

    public HealthSettings {
        probes = List.copyOf(probes);
        new SettingRules()
                .limit(HealthKeys.EVERY, every)
                .limit(HealthKeys.WINDOW, window)
                .limit(HealthKeys.TIMEOUT, timeout)
                .limit(HealthKeys.FAILURES, failures)
                .require(
                        probes.size() <= 1,
                        HealthKeys.EVERY,
                        "must be asked of one: prometheus, exec and http cannot be given together")
                .require(
                        probes.stream().allMatch(probe -> !(probe instanceof ActionSettings one) || one.isComplete()),
                        HealthKeys.COMMAND,
                        "must name the program")
                .require(
                        timeout.compareTo(every) <= 0,
                        HealthKeys.TIMEOUT,
                        "must not be longer than health.every, or answers would come late")
                .require(
                        window.compareTo(every.multipliedBy(ANSWERS_MOST)) <= 0,
                        HealthKeys.WINDOW,
                        "must be at most " + ANSWERS_MOST + " times health.every, because each answer is an event")
                .orThrow();
    }
}
