package io.viridian.verification;

import io.viridian.plan.TypeName;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form in which values are hashed, the same on both servers of a pair. Strict where a difference could matter
 * (numeric scale, the sign of zero, NULL and the empty text), lenient only about the trailing spaces of bpchar, which
 * its padding adds and takes away (manual 14-18, section 8.3).
 *
 * @param tier the strongest kind of hash on which both servers agree
 * @param nativeTypes names of the types hashed without going through text
 * @param convert whether texts must be converted, because the databases have different encodings
 */
record Canonical(HashTier tier, Set<String> nativeTypes, boolean convert) {
    Canonical {
        nativeTypes = Set.copyOf(nativeTypes);
    }

    static Canonical agreedOn(ServerFacts one, ServerFacts other, HashTier strongest) {
        Set<String> agreed = NativeType.all().stream()
                .map(NativeType::name)
                .filter(name ->
                        Objects.equals(one.hashes().get(name), other.hashes().get(name)))
                .collect(Collectors.toSet());
        boolean sameTexts = Objects.equals(
                one.hashes().get(ServerFacts.TEXT_PROBE), other.hashes().get(ServerFacts.TEXT_PROBE));
        HashTier tier = !sameTexts ? HashTier.MD5 : agreed.contains("text") ? HashTier.RECORD : HashTier.TEXT;
        boolean convert = !one.encoding().equals(other.encoding());
        return new Canonical(tier.orWeaker(strongest), agreed, convert);
    }

    /** A row of these columns, ready to be hashed. */
    String row(List<Image.Column> columns) {
        return columns.stream()
                .map(column -> column(column.sql(), column.type()))
                .collect(Collectors.joining(", ", "row(", ")"));
    }

    private String column(String expression, TypeName type) {
        boolean asItIs = tier == HashTier.RECORD && type.isBuiltIn() && nativeTypes.contains(type.name());
        if (!asItIs) {
            return text("(" + expression + ")::text");
        }
        NativeType known = NativeType.named(type.name()).orElseThrow();
        return known.isText() ? text(expression) : known.of(expression);
    }

    private String text(String expression) {
        return convert ? bytes(expression) : expression + " collate \"C\"";
    }

    /** The bytes of a text in an encoding that both sides share. */
    String bytes(String expression) {
        return "convert_to(" + expression + ", " + (convert ? "'UTF8'" : "getdatabaseencoding()") + ")";
    }
}
