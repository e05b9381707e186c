package io.viridian.daemon.config;

/**
 * One element of a list of sections.
 *
 * @param path with its number and name, like {@code cutover.traffic[0].file}
 * @param variant the name
 */
record GivenElement(String path, String variant, Origin origin) {
    /** Where the key of this kind of element is in this element. */
    String path(ConfigurationKey<?> key) {
        return path + key.path().substring(ConfigurationKeys.pattern(path).length());
    }
}
