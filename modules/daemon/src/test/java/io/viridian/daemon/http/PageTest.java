package io.viridian.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser is given; what it makes of it, a browser tells in the system tests. */
class PageTest {
    private final ApiDescription description = ApiDescription.read();
    private LiveServer server;

    @BeforeEach
    void start(@TempDir Path state) throws Exception {
        server = LiveServer.of(new InMemoryControl(), state);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void servesEveryFileWithItsType() throws Exception {
        assertThat(type("/")).isEqualTo("text/html; charset=utf-8");
        assertThat(type("/page/page.css")).isEqualTo("text/css; charset=utf-8");
        assertThat(type("/page/icon.svg")).isEqualTo("image/svg+xml");
        for (String name : PageAnswers.FILES) {
            HttpResponse<String> answer = server.get("/page/" + name);
            assertThat(answer.statusCode()).as(name).isEqualTo(200);
            if (name.endsWith(".js")) {
                assertThat(type("/page/" + name)).isEqualTo("text/javascript; charset=utf-8");
            }
        }
    }

    @Test
    void hasEverythingThatItsFilesLoad() throws Exception {
        Set<String> loaded = new TreeSet<>(List.of("index.html"));
        for (String name : PageAnswers.FILES) {
            Matcher matcher = Pattern.compile("\"(?:/page/|\\./)([\\w.]+)\"").matcher(body("/page/" + name));
            while (matcher.find()) {
                loaded.add(matcher.group(1));
            }
        }

        assertThat(loaded).containsExactlyInAnyOrderElementsOf(PageAnswers.FILES);
    }

    @Test
    void letsOnlyItsOwnFilesRun() throws Exception {
        for (String path : List.of("/", "/page/main.js", "/page/icon.svg")) {
            assertThat(server.get(path).headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains(
                                    "default-src 'none'",
                                    "script-src 'self'",
                                    "frame-ancestors 'none'",
                                    "require-trusted-types-for 'script'")
                            .doesNotContain("unsafe"));
        }
        assertThat(body("/")).doesNotContainPattern("<script(?! type=\"module\" src=\"/page/)|<style| style=| on\\w+=");
        for (String name : PageAnswers.FILES) {
            assertThat(body("/page/" + name))
                    .as(name)
                    .doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(")
                    .doesNotContainPattern("(src|href)=\"https?:");
        }
    }

    @Test
    void isNotSentAgainWhileItIsTheSame() throws Exception {
        HttpResponse<String> first = server.get("/page/main.js");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");

        HttpResponse<String> again = server.send(server.request("/page/main.js").header("If-None-Match", tag));

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("ETag")).contains(tag);
        assertThat(server.send(server.request("/page/main.js").header("If-None-Match", "\"old\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void hasNoOtherFiles() throws Exception {
        description.assertProblem(server.get("/page/other.js"), 404, "unknown-path", "USAGE");
        description.assertProblem(server.get("/page/..%2Fopenapi.yaml"), 404, "unknown-path", "USAGE");
    }

    private String type(String path) throws Exception {
        return server.get(path).headers().firstValue("Content-Type").orElseThrow();
    }

    private String body(String path) throws Exception {
        return server.get(path).body();
    }
}
