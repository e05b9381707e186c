package io.viridian.daemon.config;

/**
 * A value somebody gave, unread.
 *
 * @param path the key's path with the numbers of list elements filled in
 */
record GivenValue(String path, ConfigurationKey<?> key, YamlNode node, Origin origin) {}
