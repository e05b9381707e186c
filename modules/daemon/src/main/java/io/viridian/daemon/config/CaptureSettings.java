package io.viridian.daemon.config;

/** How changes are captured. */
public record CaptureSettings(CaptureEngine engine) {}
