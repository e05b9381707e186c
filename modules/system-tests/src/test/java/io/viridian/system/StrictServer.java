package io.viridian.system;

import io.viridian.testkit.server.PostgresServer;
import io.viridian.testkit.server.ServerRole;
import io.viridian.testkit.server.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;

/**
 * A server that lets not everybody in: it has a certificate, which nobody has signed and which is another host's, and
 * it asks one role for a password. Its log is not logical, and it has room for one slot.
 */
final class StrictServer implements AutoCloseable {
    static final String ROLE = "stranger";

    private static final String PASSWORD = "changeit";

    private final PostgresServer server =
            Servers.start(ServerRole.BLUE, 15, Map.of("wal_level", "replica", "max_replication_slots", "1"));
    private final Path certificate;
    private final Path foreignCertificate;

    StrictServer(Path directory) throws Exception {
        KeyStore own = generated(directory.resolve("own.p12"));
        certificate = pem(directory.resolve("own.crt"), own.getCertificate("own"));
        foreignCertificate = pem(directory.resolve("foreign.crt"), anyAuthority());
        Key key = own.getKey("own", PASSWORD.toCharArray());
        write("server.key", pem("PRIVATE KEY", key.getEncoded()), "cat >");
        write("server.crt", Files.readString(certificate), "cat >");
        server.execute("create role %s login password 'right'".formatted(ROLE));
        write("new_hba.conf", "host all %s all scram-sha-256".formatted(ROLE), "cat - pg_hba.conf >");
        server.execute("copy (select) to program 'chmod 600 server.key; mv new_hba.conf pg_hba.conf'");
        server.set("ssl", "on");
    }

    PostgresServer server() {
        return server;
    }

    /** As the role that is asked for a password; none when empty. */
    String urlWith(String password, String database) {
        String credentials = password.isEmpty() ? ROLE : ROLE + ":" + password;
        return "postgresql://%s@%s:%d/%s".formatted(credentials, server.host(), server.port(), database);
    }

    /** The server's own, so that nothing is wrong with it but the name of the host. */
    Path certificate() {
        return certificate;
    }

    /** An authority that has not signed the server's. */
    Path foreignCertificate() {
        return foreignCertificate;
    }

    @Override
    public void close() {
        server.close();
    }

    private static KeyStore generated(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String arguments = " -genkeypair -alias own -keyalg RSA -validity 7 -dname CN=elsewhere -storetype PKCS12"
                + " -storepass " + PASSWORD + " -keystore " + file;
        ProcessBuilder builder = new ProcessBuilder((keytool + arguments).split(" ", -1));
        if (builder.inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException("keytool made no key");
        }
        return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    }

    private static Certificate anyAuthority() throws IOException, GeneralSecurityException {
        Path known = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        KeyStore authorities = KeyStore.getInstance(known.toFile(), PASSWORD.toCharArray());
        return authorities.getCertificate(authorities.aliases().nextElement());
    }

    private static Path pem(Path file, Certificate certificate) throws IOException, GeneralSecurityException {
        return Files.writeString(file, pem("CERTIFICATE", certificate.getEncoded()));
    }

    private static String pem(String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----".formatted(what, body);
    }

    /** Into the data directory, by the server itself: it may be another user's, or another machine's. */
    private void write(String file, String text, String by) throws SQLException {
        server.execute(
                "copy (select unnest(string_to_array('%s', E'\\n'))) to program '%s %s'".formatted(text, by, file));
    }
}
