package io.viridian.testkit.server;

/**
 * What a server is for. Servers of different roles never share a system identifier, not even in the same version,
 * because Viridian refuses to move a database onto the server it already lives on; two servers of one role and version
 * do share it.
 */
public enum ServerRole {
    BLUE,
    GREEN,
    JOURNAL
}
