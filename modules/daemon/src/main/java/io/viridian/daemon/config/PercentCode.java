package io.viridian.daemon.config;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding as libpq reads it: unlike in web forms, a plus sign is a plus sign. */
final class PercentCode {
    private PercentCode() {}

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        int at = 0;
        while (at < bytes.length) {
            if (bytes[at] == '%') {
                decoded.write(octet(bytes, at + 1));
                at += 3;
            } else {
                decoded.write(bytes[at]);
                at++;
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }

    private static int octet(byte[] bytes, int at) {
        if (at + 2 > bytes.length || !HexFormat.isHexDigit(bytes[at]) || !HexFormat.isHexDigit(bytes[at + 1])) {
            throw new IllegalArgumentException("a percent sign is not followed by two hexadecimal digits (write %25)");
        }
        return HexFormat.fromHexDigits(new String(bytes, at, 2, StandardCharsets.US_ASCII));
    }
}
