package io.viridian.cutover.traffic;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/** A key that signs messages (RFC 8945), as its file holds it. Never printed with its secret. */
record DnsKey(String name, TSIG signer) {
    /** What is quoted is none: the alphabet of base 64 has slashes. */
    private static final Pattern COMMENT = Pattern.compile("(?s)(\"[^\"]*\")|/\\*.*?\\*/|(?://|#)[^\n]*");

    /** As {@code tsig-keygen} writes it. */
    private static final Pattern CLAUSE = Pattern.compile("(?s)\\bkey\\s+(\"[^\"]*\"|[^\\s{]+)\\s*\\{(.*?)}\\s*;?");

    private static final Pattern ALGORITHM = Pattern.compile("\\balgorithm\\s+\"?([\\w.-]+)\"?\\s*;");
    private static final Pattern SECRET = Pattern.compile("\\bsecret\\s+\"?([A-Za-z0-9+/=]+)\"?\\s*;");

    /** As {@code nsupdate -y} takes it. */
    private static final Pattern WORDS = Pattern.compile("(?:([\\w-]+):)?([^\\s:]+):([A-Za-z0-9+/=]+)");

    private static final String USUAL = "hmac-sha256";

    /** Those that RFC 8945 does not advise against. */
    private static final List<String> ALGORITHMS = List.of(USUAL, "hmac-sha384", "hmac-sha512");

    /**
     * Reads a clause {@code key "name" { algorithm hmac-sha256; secret "…"; };} or {@code name:secret}.
     *
     * @throws IllegalArgumentException that says what is wrong without repeating a secret
     */
    static DnsKey parse(String text) {
        Matcher words = WORDS.matcher(text.strip());
        if (words.matches()) {
            String algorithm = words.group(1);
            return key(algorithm == null ? USUAL : algorithm, words.group(2), words.group(3));
        }
        List<MatchResult> clauses =
                CLAUSE.matcher(COMMENT.matcher(text).replaceAll("$1")).results().toList();
        if (clauses.size() != 1) {
            throw new IllegalArgumentException("must hold one key, as key \"NAME\" { algorithm hmac-sha256; secret "
                    + "\"…\"; }; or as NAME:SECRET, and holds " + clauses.size());
        }
        MatchResult clause = clauses.getFirst();
        return key(
                one(ALGORITHM, clause.group(2), "algorithm"),
                clause.group(1).replace("\"", ""),
                one(SECRET, clause.group(2), "secret"));
    }

    private static String one(Pattern pattern, String body, String what) {
        Matcher found = pattern.matcher(body);
        if (!found.find()) {
            throw new IllegalArgumentException("has a key without " + what);
        }
        return found.group(1);
    }

    private static DnsKey key(String algorithm, String name, String secret) {
        String known = algorithm.toLowerCase(Locale.ROOT);
        if (!ALGORITHMS.contains(known)) {
            throw new IllegalArgumentException(
                    "has a key of the algorithm " + algorithm + "; there are " + String.join(", ", ALGORITHMS));
        }
        try {
            return new DnsKey(
                    name,
                    new TSIG(
                            Name.fromString(known, Name.root),
                            Name.fromString(name, Name.root),
                            Base64.getDecoder().decode(secret)));
        } catch (TextParseException | IllegalArgumentException _) {
            throw new IllegalArgumentException("has a key whose name is no name or whose secret is not in base 64");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
