package io.viridian.daemon.config;

/** A host name or address with a port; an IPv6 address is kept without brackets and printed with them. */
public record HostPort(String host, int port) {
    private static final int LARGEST_PORT = 65_535;

    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is missing");
        }
        if (port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("the port is not between 0 and 65535");
        }
    }

    /**
     * Reads {@code host:port} or {@code [::1]:port}.
     *
     * @throws IllegalArgumentException when either part is missing or wrong
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < text.lastIndexOf(']')) {
            throw new IllegalArgumentException("the port is missing");
        }
        return new HostPort(unbracketed(text.substring(0, colon)), port(text.substring(colon + 1)));
    }

    static String unbracketed(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.contains(":")) {
            throw new IllegalArgumentException("an IPv6 address needs brackets, like [::1]");
        }
        return bracketed ? host.substring(1, host.length() - 1) : host;
    }

    static int port(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("the port is not a number");
        }
        return Integer.parseInt(text);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
