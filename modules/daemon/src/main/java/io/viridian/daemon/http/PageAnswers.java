package io.viridian.daemon.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page, as it lies in the jar: it holds nothing of the migration and asks the API like everybody else, with the
 * token of the person before it. Therefore anybody may load it.
 */
final class PageAnswers {
    static final String PATH = "/page/{file}";
    static final List<String> FILES = List.of(
            "index.html",
            "page.css",
            "icon.svg",
            "main.js",
            "daemon.js",
            "dom.js",
            "words.js",
            "chart.js",
            "cards.js",
            "asking.js");

    /** Nothing but what lies here: no script inside the page, no text taken for HTML, no frame around it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private final Map<String, Piece> pieces = new LinkedHashMap<>();

    PageAnswers() {
        FILES.forEach(name -> pieces.put(name, Piece.read(name)));
    }

    /** One file, and the digest by which a browser learns that it has it already. */
    private record Piece(String type, String text, String digest) {
        static Piece read(String name) {
            try (InputStream stream = PageAnswers.class.getResourceAsStream("page/" + name)) {
                if (stream == null) {
                    throw new IllegalStateException("page/" + name + " is not in the jar");
                }
                String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                return new Piece(type(name), text, Sha256.hex(text));
            } catch (IOException e) {
                throw new UncheckedIOException("reading page/" + name, e);
            }
        }

        private static String type(String name) {
            return switch (name.substring(name.lastIndexOf('.') + 1)) {
                case "html" -> "text/html; charset=utf-8";
                case "css" -> "text/css; charset=utf-8";
                case "svg" -> "image/svg+xml";
                default -> "text/javascript; charset=utf-8";
            };
        }
    }

    Reply index(Call call) {
        return piece("index.html", call);
    }

    Reply file(Call call) {
        return piece(call.part("file"), call);
    }

    /** Kept by browsers, but never used without asking: after an update nobody works with half of the old page. */
    private Reply piece(String name, Call call) {
        Piece piece = Optional.ofNullable(pieces.get(name))
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.UNKNOWN_PATH.about(name, "the page has no file '" + name + "'")));
        boolean known = call.header("if-none-match")
                .filter(tag -> EntityTag.matches(tag, piece.digest()))
                .isPresent();
        Reply reply = known ? Reply.unchanged(piece.type()) : new Reply(200, piece.type(), piece.text(), Map.of());
        return reply.with("ETag", EntityTag.of(piece.digest()))
                .with("Cache-Control", "no-cache")
                .with("Content-Security-Policy", POLICY);
    }
}
