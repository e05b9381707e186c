package io.viridian.cutover.traffic;

import io.viridian.time.Clock;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests: {@code X-Viridian-Signature} is {@code sha256=} and the HMAC-SHA256 of {@code X-Viridian-Timestamp}
 * (seconds since 1970), a dot and the body, in hexadecimal digits; the key is the content of the secret file without
 * the white space around it.
 *
 * @param secretFile read anew for each request, so that the secret can be changed
 */
public record RequestSignature(Path secretFile, Clock clock) {
    /**
     * Adds both headers.
     *
     * @throws IOException when the secret cannot be read
     * @throws GeneralSecurityException when it is no key
     */
    public void sign(HttpRequest.Builder request, String body) throws IOException, GeneralSecurityException {
        String timestamp = Long.toString(clock.now().getEpochSecond());
        byte[] secret = Files.readString(secretFile).strip().getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] signature = mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
        request.header("X-Viridian-Timestamp", timestamp)
                .header("X-Viridian-Signature", "sha256=" + HexFormat.of().formatHex(signature));
    }
}
