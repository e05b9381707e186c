package io.viridian.daemon.config;

import io.viridian.cutover.traffic.DnsEntry;
import io.viridian.cutover.traffic.DnsType;
import io.viridian.plan.TablePattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types that keys have. */
final class KeyTypes {
    /** Switches an optional limit off by name, so that a variable or a flag can take back what the file sets. */
    static final String NONE = "none";

    private static final List<String> PLACEHOLDERS = List.of("url", "side", "host", "port", "database", "user");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
    private static final Map<String, Object> STRING = Map.of("type", "string");

    private KeyTypes() {}

    static ScalarType<String> text() {
        return ScalarType.of("a text", KeyTypes::nonEmpty, Map.of("type", "string", "minLength", 1));
    }

    static ScalarType<String> matching(String rule, String regex) {
        Pattern pattern = Pattern.compile(regex);
        return ScalarType.of(rule, KeyTypes::nonEmpty, Map.of("type", "string", "pattern", "^" + regex + "$"))
                .limitedTo(text -> pattern.matcher(text).matches());
    }

    static ScalarType<Integer> count(int least, int most) {
        return ScalarType.of(
                        "a whole number from " + least + " to " + most,
                        KeyTypes::wholeNumber,
                        Map.of("type", "integer", "minimum", least, "maximum", most))
                .limitedTo(value -> value >= least && value <= most);
    }

    static ScalarType<Boolean> flag() {
        return ScalarType.of("true or false", KeyTypes::trueOrFalse, Map.of("type", "boolean"));
    }

    static <E extends Enum<E>> ScalarType<E> choice(Class<E> type) {
        List<String> words =
                Arrays.stream(type.getEnumConstants()).map(KeyTypes::word).toList();
        return ScalarType.of(
                        "one of " + String.join(", ", words),
                        text -> Enum.valueOf(type, constant(words, text)),
                        Map.<String, Object>of("enum", words))
                .printedBy(KeyTypes::word);
    }

    static ScalarType<Duration> duration(Duration least, Duration most) {
        return ScalarType.of(
                        "a duration from " + DurationText.format(least) + " to " + DurationText.format(most),
                        DurationText::parse,
                        Map.of("type", "string", "pattern", "^\\d+ ?(ms|s|m|h|d)$"))
                .limitedTo(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0)
                .printedBy(DurationText::format);
    }

    static ScalarType<ByteSize> size(ByteSize least, ByteSize most) {
        return ScalarType.of(
                        "a size from " + least + " to " + most,
                        ByteSize::parse,
                        Map.of("type", "string", "pattern", "^\\d+ ?(B|KiB|MiB|GiB|TiB)$"))
                .limitedTo(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
    }

    static ScalarType<ByteRate> rate(ByteRate least) {
        return ScalarType.of(
                        "a rate of at least " + least,
                        ByteRate::parse,
                        Map.of("type", "string", "pattern", "^\\d+ ?(B|KiB|MiB|GiB|TiB)/s$"))
                .limitedTo(value -> value.compareTo(least) >= 0);
    }

    /** A limit that can be switched off by the word {@code none}. */
    static <T> ScalarType<Optional<T>> orNone(ScalarType<T> type) {
        return ScalarType.of(
                        type.rule() + ", or " + NONE,
                        _ -> Optional.<T>empty(),
                        Map.<String, Object>of("anyOf", List.of(type.schema(), Map.of("const", NONE))))
                .parsedBy((text, place) -> text.equals(NONE) ? Optional.empty() : Optional.of(type.parse(text, place)))
                .limitedTo(value -> value.map(type::accepts).orElse(true))
                .printedBy(value -> value.map(type::format).orElse(NONE));
    }

    static ScalarType<String> domainName() {
        return ScalarType.of("a domain name", KeyTypes::nonEmpty, Map.of("type", "string", "minLength", 1))
                .limitedTo(DnsEntry::isName);
    }

    /** In capital letters, as everybody writes them. */
    static ScalarType<DnsType> dnsType() {
        List<String> words = Arrays.stream(DnsType.values()).map(DnsType::name).toList();
        return ScalarType.of(
                "one of " + String.join(", ", words),
                text -> DnsType.valueOf(known(words, text)),
                Map.<String, Object>of("enum", words));
    }

    static ScalarType<Path> path() {
        return ScalarType.of("a path", Path::of, STRING).parsedBy((text, place) -> place.resolve(nonEmpty(text)));
    }

    static ScalarType<TablePattern> tablePattern() {
        return ScalarType.of("schema.table, schema.* or *", TablePattern::parse, STRING)
                .printedBy(pattern -> pattern.equals(TablePattern.EVERY_TABLE) ? "*" : pattern.toString());
    }

    static ScalarType<Instant> instant() {
        return ScalarType.of(
                "an instant with its zone", KeyTypes::instantOf, Map.of("type", "string", "format", "date-time"));
    }

    static ScalarType<HostPort> hostPort() {
        return ScalarType.of("host:port", HostPort::parse, Map.of("type", "string", "pattern", "^.+:\\d+$"));
    }

    static ScalarType<ConnectionUrl> connectionUrl() {
        return ScalarType.of(
                        "a URL like postgresql://USER@HOST:PORT/DATABASE",
                        ConnectionUrl::parse,
                        Map.of("type", "string", "pattern", "^(jdbc:)?postgres(ql)?://"))
                .maskedBy(ConnectionUrl::mask)
                .embeddingBy(PercentCode::encode);
    }

    static ScalarType<URI> webUrl() {
        return ScalarType.of("an http or https URL", KeyTypes::webUrlOf, Map.of("type", "string", "format", "uri"))
                .maskedBy(KeyTypes::maskWebUrl)
                .embeddingBy(PercentCode::encode);
    }

    static ScalarType<Secret> secret() {
        return ScalarType.of(
                        "a reference: ${env:NAME} or ${file:PATH}",
                        text -> new Secret(nonEmpty(text)),
                        Map.of("type", "string", "pattern", "^\\$\\{(env|file):[^}]+}$"))
                .printedBy(_ -> Secret.MASK)
                .maskedBy(_ -> Secret.MASK);
    }

    /** A file's content with at least one placeholder for the open side, and none that nobody fills in. */
    static ScalarType<String> template() {
        return text().limitedTo(KeyTypes::onlyKnownPlaceholders)
                .ruledBy(
                        "a text with at least one of the placeholders {{" + String.join("}}, {{", PLACEHOLDERS) + "}}");
    }

    static <E> ListType<E> listOf(ScalarType<E> element) {
        return new ListType<>(element);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(List<String> words, String text) {
        return known(words, text).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String known(List<String> words, String text) {
        if (!words.contains(text)) {
            throw new IllegalArgumentException(NearestKey.among(words, text)
                    .map(word -> "not known; the nearest is " + word)
                    .orElse("not known"));
        }
        return text;
    }

    private static String nonEmpty(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    private static int wholeNumber(String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("not a whole number");
        }
        return Integer.parseInt(text);
    }

    private static boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }

    private static Instant instantOf(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException unreadable) {
            throw new IllegalArgumentException("not an ISO 8601 instant with zone", unreadable);
        }
    }

    private static URI webUrlOf(String text) {
        try {
            URI url = new URI(text);
            if (!String.valueOf(url.getScheme()).matches("https?") || url.getHost() == null) {
                throw new IllegalArgumentException("neither http://HOST nor https://HOST");
            }
            return url;
        } catch (URISyntaxException unreadable) {
            throw new IllegalArgumentException("not a URL");
        }
    }

    private static boolean onlyKnownPlaceholders(String template) {
        List<String> used = PLACEHOLDER
                .matcher(template)
                .results()
                .map(found -> found.group(1).strip())
                .toList();
        return !used.isEmpty() && PLACEHOLDERS.containsAll(used);
    }

    /** Web hooks carry their password in the path, so only scheme and host are shown. */
    private static String maskWebUrl(String text) {
        int authority = text.indexOf("://");
        if (authority < 0) {
            return Secret.MASK;
        }
        String rest = text.substring(authority + "://".length());
        String host = Arrays.stream(rest.split("[/?#]", 2)).findFirst().orElse("");
        String shown = host.contains("@") ? Secret.MASK + host.substring(host.lastIndexOf('@')) : host;
        return text.substring(0, authority) + "://" + shown + (host.length() < rest.length() ? "/" + Secret.MASK : "");
    }
}
